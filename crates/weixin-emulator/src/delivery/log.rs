//! The deliveries of late, for the phone and for tests.

use std::collections::VecDeque;

use super::report::DeliveryReport;

/// Deliveries kept; the oldest are dropped.
const KEPT: usize = 500;

/// Oldest first.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    next: u64,
    list: VecDeque<DeliveryReport>,
}

impl Deliveries {
    /// Adds one; its id is given here.
    pub(crate) fn begin(&mut self, report: &mut DeliveryReport) {
        self.next += 1;
        report.id = self.next;
        self.list.push_back(report.clone());
        if self.list.len() > KEPT {
            self.list.pop_front();
        }
    }

    /// Puts the newer state of one in its place, if it is still there.
    pub(crate) fn update(&mut self, report: &DeliveryReport) {
        let at = self.list.partition_point(|known| known.id < report.id);
        // After a reset another one may have the number.
        let same = |known: &&mut DeliveryReport| known.id == report.id && known.created_at_ms == report.created_at_ms;
        if let Some(known) = self.list.get_mut(at).filter(same) {
            known.clone_from(report);
        }
    }

    /// After an id, of one account (appid) and one person when they are named.
    pub(crate) fn find(&self, app_id: Option<&str>, persona: Option<&str>, after: u64) -> Vec<DeliveryReport> {
        let from = self.list.partition_point(|report| report.id <= after);
        let fits = |report: &&DeliveryReport| {
            app_id.is_none_or(|app_id| report.app_id == app_id) && persona.is_none_or(|id| report.persona == id)
        };
        self.list.range(from..).filter(fits).cloned().collect()
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
