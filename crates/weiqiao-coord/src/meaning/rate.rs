//! Requests per time and caller.

use std::time::Duration;

use crate::coord::Inner;
use crate::driver::Gcra;
use crate::key::Meaning;

/// Requests per time and caller, by the generic cell rate algorithm: evenly spread over the period, with a burst.
///
/// **Without Redis** every instance enforces the whole limit on its own, so with *n* instances a caller may get up to
/// *n* times as much. Asking never fails.
#[derive(Clone, Copy)]
pub struct Rates<'a>(pub(crate) &'a Inner);

/// How much a caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    requests: u32,
    period: Duration,
    burst: u32,
}

impl Limit {
    /// `requests` in each `period`, all of them at once if need be. At most 1,000 a second are told apart; zero
    /// counts as one.
    #[must_use]
    pub const fn new(requests: u32, period: Duration) -> Self {
        let requests = if requests == 0 { 1 } else { requests };
        Self { requests, period, burst: requests }
    }

    /// `requests` in each minute.
    #[must_use]
    pub const fn per_minute(requests: u32) -> Self {
        Self::new(requests, Duration::from_secs(60))
    }

    /// How many requests may come at once after a pause. Zero counts as one.
    #[must_use]
    pub const fn with_burst(self, burst: u32) -> Self {
        Self { burst: if burst == 0 { 1 } else { burst }, ..self }
    }

    fn interval(self) -> Duration {
        (self.period / self.requests).max(Duration::from_millis(1))
    }
}

/// Whether one more request is within the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Serve it, or answer 429.
    pub allowed: bool,
    /// How long to wait before one more is allowed; zero when this one was.
    pub retry_after: Duration,
    /// How many more may follow at once.
    pub remaining: u32,
}

impl Rates<'_> {
    /// Counts one request of `key` against the limit called `name`. A refused request is not counted.
    pub async fn check(&self, name: &str, key: &str, limit: Limit) -> Decision {
        let (key, interval) = (self.0.key(Meaning::Rate, name, key), limit.interval());
        let step = match self.0.raw.gcra(&key, interval, limit.burst).await {
            Ok(step) => step,
            Err(_unavailable) => {
                self.0.degraded(Meaning::Rate);
                self.0.local.gcra(&key, interval, limit.burst)
            }
        };
        decide(step, interval)
    }
}

fn decide(step: Gcra, interval: Duration) -> Decision {
    let fitting = if step.allowed { step.room.as_millis() / interval.as_millis().max(1) } else { 0 };
    let remaining = u32::try_from(fitting).unwrap_or(u32::MAX);
    Decision { allowed: step.allowed, retry_after: step.retry_after, remaining }
}
