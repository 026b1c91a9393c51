//! When a call is tried again, and after how long.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use weixin_proto::{Class, ErrCode};

use crate::env::random_fraction;
use crate::{Error, ErrorKind, Instead, Rng};

/// How often and how fast a call is tried again.
///
/// Only two sorts of failure are tried again: those of a repeatable call that found no readable answer or a busy server,
/// and those where the request certainly did not leave. No try begins later than the client's time limit after the
/// call began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries in all, the first included; at least 1. Default 3.
    pub tries: u32,
    /// Upper bound of the first pause; each further one doubles. Default 100 ms.
    pub first_pause: Duration,
    /// Upper bound of any pause. Default 1 s.
    pub longest_pause: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { tries: 3, first_pause: Duration::from_millis(100), longest_pause: Duration::from_secs(1) }
    }
}

impl RetryPolicy {
    /// One try and no more.
    #[must_use]
    pub fn never() -> Self {
        Self { tries: 1, ..Self::default() }
    }

    /// How long to wait before the next try, drawn from all of `0..=bound` ("full jitter").
    pub(crate) fn pause(&self, tries_made: u32, rng: &dyn Rng) -> Duration {
        let doublings = tries_made.saturating_sub(1).min(20);
        let bound = self.first_pause.saturating_mul(1_u32 << doublings).min(self.longest_pause);
        bound.mul_f64(random_fraction(rng).clamp(0.0, 1.0))
    }
}

/// Whether another try may help and can do no harm.
pub(crate) fn is_worth_another_try(error: &Error, repeatable: bool) -> bool {
    match error.kind() {
        // These do not change within a call.
        ErrorKind::NotSent(_) if matches!(error.instead(), Some(Instead::Resting | Instead::Certificate)) => false,
        ErrorKind::NotSent(_) => true,
        ErrorKind::Unanswered(_) => repeatable,
        ErrorKind::Api(refusal) => {
            repeatable && refusal.errcode.class() == Class::Backoff && refusal.errcode != ErrCode::MINUTE_QUOTA
        }
        _ => false,
    }
}

/// Keeps retries to a tenth of the calls, so that a WeChat in trouble is not asked three times as much.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    /// In tenths of a retry.
    balance: AtomicI64,
}

impl RetryBudget {
    const RESERVE: i64 = 100;
    const RETRY: i64 = 10;

    pub(crate) fn new() -> Self {
        Self { balance: AtomicI64::new(Self::RESERVE) }
    }

    /// A call has been made.
    pub(crate) fn earn(&self) {
        let _full = self.balance.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |balance| {
            (balance < Self::RESERVE).then(|| balance + 1)
        });
    }

    /// Whether a retry can be afforded; it is paid for with this.
    pub(crate) fn spend(&self) -> bool {
        self.balance
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |balance| {
                (balance >= Self::RETRY).then(|| balance - Self::RETRY)
            })
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u8);

    impl Rng for Always {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    #[test]
    fn pauses_double_up_to_a_second_and_are_drawn_from_the_whole_range() {
        let policy = RetryPolicy::default();
        let longest: Vec<_> = (1..=6).map(|tries| policy.pause(tries, &Always(0xff)).as_millis()).collect();
        assert_eq!(longest, [100, 200, 400, 800, 1000, 1000]);
        assert_eq!(policy.pause(6, &Always(0)), Duration::ZERO);
        assert_eq!(policy.pause(u32::MAX, &Always(0xff)), Duration::from_secs(1));
    }

    #[test]
    fn retries_are_a_tenth_of_the_calls_after_a_reserve_of_ten() {
        let budget = RetryBudget::new();
        assert_eq!((0..100).filter(|_| budget.spend()).count(), 10);
        (0..50).for_each(|_| budget.earn());
        assert_eq!((0..100).filter(|_| budget.spend()).count(), 5);
        (0..100_000).for_each(|_| budget.earn());
        assert_eq!((0..100).filter(|_| budget.spend()).count(), 10, "what is not used does not pile up");
    }
}
