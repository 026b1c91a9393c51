//! When it is worth a line in the log that jobs wait; pure. A state is told when it begins and when it ends, and now and then
//! in between: the log is no clock.

use std::collections::HashMap;

/// What is overdue by more than this is told, in milliseconds.
const ALARM_MS: i64 = 5 * 60_000;
/// It is over when nothing is overdue by more than this, in milliseconds. Well below the alarm: no flutter.
const CALM_MS: i64 = 60_000;
/// While it lasts it is told again after this time, in milliseconds.
const AGAIN_MS: i64 = 10 * 60_000;

/// What was told of each kind, and when.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    told: HashMap<&'static str, i64>,
}

/// What is to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Say {
    /// Jobs are overdue.
    Waiting,
    /// They are no longer.
    Over,
}

impl Alarms {
    /// What is to be said of a kind whose longest due job is overdue by `overdue_ms`; nothing, mostly.
    pub(super) fn hear(&mut self, kind: &'static str, overdue_ms: i64, now: i64) -> Option<Say> {
        match self.told.get(kind) {
            None if overdue_ms <= ALARM_MS => return None,
            Some(_) if overdue_ms <= CALM_MS => {
                self.told.remove(kind);
                return Some(Say::Over);
            }
            Some(told) if now.saturating_sub(*told) < AGAIN_MS => return None,
            _ => {}
        }
        self.told.insert(kind, now);
        Some(Say::Waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    /// What is said in an hour of looks, five seconds apart.
    fn said(overdue_at: impl Fn(i64) -> i64) -> Vec<(i64, Say)> {
        let mut alarms = Alarms::default();
        let looks = (0..=60 * MINUTE).step_by(5_000);
        looks.filter_map(|now| Some((now, alarms.hear("webhook", overdue_at(now), now)?))).collect()
    }

    #[test]
    fn a_state_is_told_when_it_begins_every_ten_minutes_and_when_it_ends() {
        assert_eq!(said(|_| ALARM_MS), []);
        let begins = ALARM_MS + 5_000;
        let until = |end: i64| move |now: i64| if now < end { now } else { 0 };
        assert_eq!(
            said(until(20 * MINUTE)),
            [(begins, Say::Waiting), (begins + AGAIN_MS, Say::Waiting), (20 * MINUTE, Say::Over)]
        );
        assert_eq!(said(|now| now).len(), 6, "in an hour");
    }

    #[test]
    fn hovering_at_the_limit_is_one_state() {
        let hovering = |now: i64| if now / 5_000 % 2 == 0 { ALARM_MS + 1 } else { CALM_MS + 1 };
        assert_eq!(said(hovering).len(), 7);
        assert!(said(hovering).iter().all(|(_, say)| *say == Say::Waiting));
    }

    #[test]
    fn each_kind_has_its_own_state() {
        let mut alarms = Alarms::default();
        assert_eq!(alarms.hear("a", ALARM_MS + 1, 0), Some(Say::Waiting));
        assert_eq!(alarms.hear("b", ALARM_MS + 1, 0), Some(Say::Waiting));
        assert_eq!(alarms.hear("a", 0, 1), Some(Say::Over));
        assert_eq!((alarms.hear("a", 0, 2), alarms.hear("b", ALARM_MS + 1, 2)), (None, None));
    }
}
