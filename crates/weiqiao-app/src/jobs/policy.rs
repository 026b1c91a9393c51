//! How often, how long, how many.

use std::time::Duration;

/// How a kind of job is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How long to wait before the first try, the second … (± 20 %). As many tries as entries.
    pub schedule: &'static [Duration],
    /// When a job is no longer worth doing, unless its plan says otherwise.
    pub expiry: Duration,
    /// What happens when nobody knows whether it was done.
    pub on_uncertain: OnUncertain,
    /// The longest one try may take; longer is uncertain.
    pub time_limit: Duration,
    /// How many tries of one account may begin in a second, on all instances together.
    pub per_second: Option<u32>,
    /// How many of one account may be under way in one process.
    pub at_once: usize,
}

/// What happens when nobody knows whether a job was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnUncertain {
    /// It waits for a person: doing it twice is worse than not at all.
    Hold,
    /// It is tried again, not earlier than after this.
    Retry(Duration),
}

/// The usual schedule: at once, 5 s, 30 s, 2 min, 10 min, 1 h, 3 h.
pub const SCHEDULE: &[Duration] = &[
    Duration::ZERO,
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(3_600),
    Duration::from_secs(3 * 3_600),
];

impl Policy {
    /// How long to wait after this many tries that count; nothing when they were enough.
    #[must_use]
    pub fn wait_after(&self, tries: i64) -> Option<Duration> {
        self.schedule.get(usize::try_from(tries).ok()?).copied()
    }

    /// As many tries as count.
    #[must_use]
    pub fn max_tries(&self) -> i64 {
        i64::try_from(self.schedule.len()).unwrap_or(i64::MAX)
    }
}
