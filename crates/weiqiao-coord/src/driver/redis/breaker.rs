//! Stops asking a Redis that does not answer, so that it costs nothing while it is away.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::error::Cause;

/// How many commands in a row may time out before the rest is spared the wait.
const TIMEOUTS_ALLOWED: u32 = 3;

/// Closed: commands go through. Open: they fail at once, and one background probe looks for Redis to come back.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    open: AtomicBool,
    failures: AtomicU32,
}

impl Breaker {
    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire)
    }

    pub(super) fn succeeded(&self) {
        if self.failures.load(Ordering::Relaxed) != 0 {
            self.failures.store(0, Ordering::Relaxed);
        }
    }

    /// Takes note of a failure; true when it opened the breaker, which one caller sees per outage.
    pub(super) fn failed(&self, cause: &Cause) -> bool {
        let trip = match cause {
            Cause::Resting => false,
            Cause::Connection(_) => true,
            Cause::Timeout | Cause::Refused(_) => {
                self.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1) >= TIMEOUTS_ALLOWED
            }
        };
        trip && self.trip()
    }

    /// Opens the breaker; true for the caller that did.
    pub(super) fn trip(&self) -> bool {
        !self.open.swap(true, Ordering::AcqRel)
    }

    pub(super) fn close(&self) {
        self.failures.store(0, Ordering::Relaxed);
        self.open.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_connection_opens_at_once_and_only_one_caller_starts_the_probe() {
        let breaker = Breaker::default();
        assert!(breaker.failed(&Cause::Connection("reset".into())));
        assert!(breaker.is_open());
        assert!(!breaker.failed(&Cause::Connection("reset".into())));
        breaker.close();
        assert!(!breaker.is_open());
    }

    #[test]
    fn only_timeouts_in_a_row_open() {
        let breaker = Breaker::default();
        assert!(!breaker.failed(&Cause::Timeout));
        assert!(!breaker.failed(&Cause::Timeout));
        breaker.succeeded();
        assert!(!breaker.failed(&Cause::Timeout));
        assert!(!breaker.failed(&Cause::Timeout));
        assert!(!breaker.is_open());
        assert!(breaker.failed(&Cause::Timeout));
        assert!(breaker.is_open());
    }
}
