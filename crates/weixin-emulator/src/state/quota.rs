//! Call counters: per account and API, a day's quota (45009) and a minute's (45011).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::{beijing_day, beijing_month};

/// Limits of one API; `None` means unlimited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Limits {
    pub(crate) daily: Option<u64>,
    pub(crate) per_minute: Option<u64>,
}

/// Counters of one API of one account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Counter {
    day: i64,
    used: u64,
    minute: i64,
    minute_used: u64,
    /// Set through the control API; wins over the built-in limits.
    limits: Option<Limits>,
}

/// Why a call is over its quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OverQuota {
    /// 45009.
    Day,
    /// 45011.
    Minute,
}

/// Calls that empty counters, per month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Clears {
    month: i64,
    all: u32,
    one: u32,
}

/// What `quota/get` shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Usage {
    pub(crate) limits: Limits,
    pub(crate) used_today: u64,
    pub(crate) used_this_minute: u64,
}

/// All counters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Quotas {
    counters: BTreeMap<String, BTreeMap<String, Counter>>,
    clears: BTreeMap<String, Clears>,
}

impl Counter {
    fn roll(&mut self, now_ms: i64) {
        let (day, minute) = (beijing_day(now_ms), now_ms.div_euclid(60_000));
        if self.day != day {
            self.day = day;
            self.used = 0;
        }
        if self.minute != minute {
            self.minute = minute;
            self.minute_used = 0;
        }
    }
}

impl Quotas {
    fn counter(&mut self, app_id: &str, path: &str) -> &mut Counter {
        self.counters.entry(app_id.to_owned()).or_default().entry(path.to_owned()).or_default()
    }

    /// Counts one call, or says which quota it would exceed.
    pub(crate) fn charge(&mut self, app_id: &str, path: &str, built_in: Limits, now_ms: i64) -> Result<(), OverQuota> {
        let counter = self.counter(app_id, path);
        counter.roll(now_ms);
        let limits = counter.limits.unwrap_or(built_in);
        if limits.per_minute.is_some_and(|limit| counter.minute_used >= limit) {
            return Err(OverQuota::Minute);
        }
        if limits.daily.is_some_and(|limit| counter.used >= limit) {
            return Err(OverQuota::Day);
        }
        counter.used += 1;
        counter.minute_used += 1;
        Ok(())
    }

    /// The counters of one API now.
    pub(crate) fn usage(&self, app_id: &str, path: &str, built_in: Limits, now_ms: i64) -> Usage {
        let mut counter = self.counters.get(app_id).and_then(|of| of.get(path)).cloned().unwrap_or_default();
        counter.roll(now_ms);
        Usage {
            limits: counter.limits.unwrap_or(built_in),
            used_today: counter.used,
            used_this_minute: counter.minute_used,
        }
    }

    /// Sets limits or the day's count by hand.
    pub(crate) fn set(&mut self, app_id: &str, path: &str, limits: Option<Limits>, used: Option<u64>, now_ms: i64) {
        let counter = self.counter(app_id, path);
        counter.roll(now_ms);
        counter.limits = limits;
        if let Some(used) = used {
            counter.used = used;
        }
    }

    fn clears(&mut self, app_id: &str, now_ms: i64) -> &mut Clears {
        let month = beijing_month(now_ms);
        let clears = self.clears.entry(app_id.to_owned()).or_default();
        if clears.month != month {
            *clears = Clears { month, ..Clears::default() };
        }
        clears
    }

    /// `clear_quota`: empties every counter; `false` when the month's number is used up.
    pub(crate) fn clear_all(&mut self, app_id: &str, per_month: u32, now_ms: i64) -> bool {
        let clears = self.clears(app_id, now_ms);
        if clears.all >= per_month {
            return false;
        }
        clears.all += 1;
        for counter in self.counters.entry(app_id.to_owned()).or_default().values_mut() {
            counter.used = 0;
        }
        true
    }

    /// `openapi/quota/clear`: empties one counter; `false` when the month's number is used up.
    pub(crate) fn clear_one(&mut self, app_id: &str, path: &str, per_month: u32, now_ms: i64) -> bool {
        let clears = self.clears(app_id, now_ms);
        if clears.one >= per_month {
            return false;
        }
        clears.one += 1;
        self.counter(app_id, path).used = 0;
        true
    }

    /// Every API an account has called, with the counters now.
    pub(crate) fn called(&self, app_id: &str) -> impl Iterator<Item = &str> {
        self.counters.get(app_id).into_iter().flat_map(|of| of.keys()).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { daily: Some(3), per_minute: Some(2) };
    const MINUTE: i64 = 60_000;

    #[test]
    fn minutes_and_days_are_counted_apart() {
        let mut quotas = Quotas::default();
        let mut charge = |now| quotas.charge("wx1", "/p", LIMITS, now);
        assert_eq!((charge(0), charge(1)), (Ok(()), Ok(())));
        assert_eq!(charge(2), Err(OverQuota::Minute));
        assert_eq!(charge(MINUTE), Ok(()));
        assert_eq!(charge(MINUTE), Err(OverQuota::Day));
        assert_eq!(charge(16 * 60 * MINUTE - 1), Err(OverQuota::Day), "still the same day in Beijing");
        assert_eq!(charge(16 * 60 * MINUTE), Ok(()), "midnight in Beijing");
    }

    #[test]
    fn clearing_is_limited_by_month() {
        let mut quotas = Quotas::default();
        quotas.charge("wx1", "/p", LIMITS, 0).unwrap();
        assert!(quotas.clear_all("wx1", 1, 0));
        assert_eq!(quotas.usage("wx1", "/p", LIMITS, 0).used_today, 0);
        assert!(!quotas.clear_all("wx1", 1, 0));
        assert!(quotas.clear_one("wx1", "/p", 1, 0), "counted apart");
        assert!(quotas.clear_all("wx1", 1, 32 * crate::clock::DAY_MS), "the next month");
    }

    #[test]
    fn limits_set_by_hand_win() {
        let mut quotas = Quotas::default();
        quotas.set("wx1", "/p", Some(Limits { daily: Some(0), per_minute: None }), None, 0);
        assert_eq!(quotas.charge("wx1", "/p", LIMITS, 0), Err(OverQuota::Day));
        quotas.set("wx1", "/p", None, Some(3), 0);
        assert_eq!(quotas.charge("wx1", "/p", LIMITS, 0), Err(OverQuota::Day));
    }
}
