//! Which leads are there?

use std::fmt;

use serde_json::{Value, json};
use weiqiao_model::ApiScope;
use weiqiao_store::facts::lead::{LeadFilter as StoredFilter, LeadScope, LeadSort, ListLeads, StoredLead};

use super::open::{Lead, masked, phone_index};
use super::words::{CONTRACT_STATUSES, LEVELS, one_of};
use super::{advisor, reads_notes, seen};
use crate::App;
use crate::caller::Caller;
use crate::crm::mask_phone;
use crate::error::Result;
use crate::usecase::staff::Permission;

/// Which leads. Times are epoch milliseconds.
#[derive(Clone, Default)]
pub struct LeadFilter {
    /// Only this advisor's.
    pub assigned_to: Option<String>,
    /// Only those of the public pool.
    pub pool: bool,
    /// Only of this level.
    pub level: Option<String>,
    /// Only those whose contract is so far.
    pub contract_status: Option<String>,
    /// Only those that come from here.
    pub source: Option<String>,
    /// Only those made from this time on.
    pub since: Option<i64>,
    /// Only those made before this time.
    pub until: Option<i64>,
    /// Only the one with this phone.
    pub phone: Option<String>,
    /// Only the one with this number.
    pub number: Option<String>,
    /// Only those whose number begins so, with or without `CUS`.
    pub q: Option<String>,
}

impl fmt::Debug for LeadFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeadFilter {}", self.noted())
    }
}

impl LeadFilter {
    /// # Errors
    ///
    /// `Invalid` for a level or a contract status that there is not: it would find nothing.
    pub(super) fn stored(self, app: &App, scope: LeadScope) -> Result<StoredFilter> {
        let Self { assigned_to, pool, level, contract_status, source, since, until, phone, number, q } = self;
        if let Some(level) = &level {
            one_of("level", level, &LEVELS)?;
        }
        if let Some(status) = &contract_status {
            one_of("contract_status", status, &CONTRACT_STATUSES)?;
        }
        Ok(StoredFilter {
            scope,
            assigned_to,
            pool,
            level,
            contract_status,
            source,
            since,
            until,
            phone_index: phone.map(|phone| phone_index(app, phone.trim())),
            number,
            number_begins: q.map(|q| number_of(&q)),
        })
    }

    /// What was asked for, the phone masked.
    pub(super) fn noted(&self) -> Value {
        let mut noted = json!({
            "assigned_to": self.assigned_to, "level": self.level, "contract_status": self.contract_status,
            "source": self.source, "since": self.since, "until": self.until, "number": self.number, "q": self.q,
            "phone": self.phone.as_deref().map(mask_phone), "pool": self.pool.then_some(true),
        });
        if let Value::Object(fields) = &mut noted {
            fields.retain(|_, value| !value.is_null());
        }
        noted
    }
}

/// The number as it is stored: people leave out what all of them have, or write it small.
fn number_of(q: &str) -> String {
    let q = q.trim().to_ascii_uppercase();
    if q.starts_with(|first: char| first.is_ascii_digit()) { format!("CUS{q}") } else { q }
}

/// Which leads, in which order.
#[derive(Debug, Clone, Default)]
pub struct LeadList {
    /// Which.
    pub filter: LeadFilter,
    /// By what they are ordered.
    pub sort: LeadSort,
    /// The smallest first; otherwise the greatest.
    pub ascending: bool,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// One page of leads, masked, and how many there are.
///
/// # Errors
///
/// `Unauthorized`, `Forbidden`; `Invalid` for a filter that cannot be; `Unavailable` when the database is down.
pub async fn list_leads(app: &App, caller: &Caller, list: LeadList) -> Result<(Vec<Lead>, u64)> {
    caller.demand(Permission::ReadLeads, ApiScope::Admin)?;
    let LeadList { filter, sort, ascending, page, page_size } = list;
    let list = ListLeads { filter: filter.stored(app, seen(caller)?)?, sort, ascending, page, page_size };
    let found = app.store().read(list).await?;
    // What staff wrote is not for advisors who have not claimed the lead.
    let (notes, claims) = (reads_notes(caller), advisor(caller)?.is_some());
    let shown = |lead: StoredLead| {
        let notes = notes && !(claims && lead.assigned_to.is_none());
        masked(app, lead, notes)
    };
    Ok((found.items.into_iter().map(shown).collect(), found.total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_as_people_write_them() {
        for (q, number) in [("CUS17", "CUS17"), (" cus17 ", "CUS17"), ("17", "CUS17"), ("x' OR 1", "X' OR 1")] {
            assert_eq!(number_of(q), number);
        }
    }

    #[test]
    fn what_is_noted_of_a_filter_shows_no_phone() {
        let filter = LeadFilter { phone: Some("13800138000".into()), pool: true, ..LeadFilter::default() };
        assert_eq!(filter.noted(), json!({"phone": "138****8000", "pool": true}));
        assert!(!format!("{filter:?}").contains("13800138000"));
    }
}
