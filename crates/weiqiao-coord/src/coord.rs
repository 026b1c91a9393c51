//! The handle everybody holds.

use std::sync::Arc;

use weiqiao_model::{Clock, Rng};

use crate::config::CoordConfig;
use crate::driver::{Raw, hub::Hub, memory::Memory, redis::Redis};
use crate::error::CoordError;
use crate::key::{Key, KeyMaker, Meaning};
use crate::meaning::{
    cache::Cache, lease::Leases, one_time::OneTime, rate::Rates, strikes::Strikes, tokens::Tokens, wake::Wakes,
};

/// Short-lived shared state. Cheap to clone; all clones are one.
///
/// ```
/// # use std::{sync::Arc, time::Duration};
/// # use weiqiao_coord::{Coord, Limit};
/// # use weiqiao_model::{ManualClock, SeededRng};
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let coord = Coord::memory(Arc::new(ManualClock::at(0)), Arc::new(SeededRng::new(1)));
/// let limit = Limit::per_minute(20).with_burst(1);
/// assert!(coord.rate().check("login", "203.0.113.9", limit).await.allowed);
/// assert!(!coord.rate().check("login", "203.0.113.9", limit).await.allowed);
/// # });
/// ```
#[derive(Clone)]
pub struct Coord {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) raw: Raw,
    /// What this process falls back to; the driver itself when that is in process.
    pub(crate) local: Arc<Memory>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) keys: KeyMaker,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
}

/// Whether other instances are reached through the shared state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedState {
    /// None is configured: state lives in this process.
    None,
    /// Redis answers.
    Up,
    /// Redis is configured and does not answer; every meaning degrades as documented.
    Down,
}

impl Coord {
    /// State in this process only. Keys are hashed with a secret of this process.
    #[must_use]
    pub fn memory(clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        let mut secret = [0; 32];
        rng.fill(&mut secret);
        let (local, hub) = (Arc::new(Memory::new(Arc::clone(&clock))), Arc::new(Hub::default()));
        let raw = Raw::memory(Arc::clone(&local), Arc::clone(&hub));
        let inner = Inner { raw, local, hub, keys: KeyMaker::new(&secret), clock, rng };
        Self { inner: Arc::new(inner) }
    }

    /// Opens the configured driver. Must be called inside a Tokio runtime.
    ///
    /// A Redis that does not answer does not fail this: the connection is made in the background, and until then every
    /// meaning degrades as documented. Use [`Coord::ping`] to find out.
    ///
    /// # Errors
    ///
    /// [`CoordError::Config`] when the address cannot be understood.
    pub async fn open(config: CoordConfig, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Result<Self, CoordError> {
        let CoordConfig::Redis(config) = config else { return Ok(Self::memory(clock, rng)) };
        let keys = KeyMaker::new(&config.key_secret);
        let hub = Arc::new(Hub::default());
        let mut instance = [0; 8];
        rng.fill(&mut instance);
        let redis = Redis::open(&config, keys.clone(), instance, Arc::clone(&hub)).await?;
        let local = Arc::new(Memory::new(Arc::clone(&clock)));
        let inner = Inner { raw: Raw::redis(redis, Arc::clone(&hub)), local, hub, keys, clock, rng };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Values that may be taken once.
    #[must_use]
    pub fn one_time(&self) -> OneTime<'_> {
        OneTime(&self.inner)
    }

    /// One holder at a time, with a fencing number.
    #[must_use]
    pub fn lease(&self) -> Leases<'_> {
        Leases(&self.inner)
    }

    /// Requests per time and caller.
    #[must_use]
    pub fn rate(&self) -> Rates<'_> {
        Rates(&self.inner)
    }

    /// Counted failures, for lock-outs.
    #[must_use]
    pub fn strikes(&self) -> Strikes<'_> {
        Strikes(&self.inner)
    }

    /// The newest token or ticket.
    #[must_use]
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens(&self.inner)
    }

    /// Wake-ups across instances.
    #[must_use]
    pub fn wake(&self) -> Wakes<'_> {
        Wakes(&self.inner)
    }

    /// Bytes that can be computed again.
    #[must_use]
    pub fn kv(&self) -> Cache<'_> {
        Cache(&self.inner)
    }

    /// The raw operations of the driver. Prefer a meaning: it knows how to do without Redis.
    #[must_use]
    pub fn raw(&self) -> &Raw {
        &self.inner.raw
    }

    /// The key of `key` in the caller's name space `name`, for the raw operations.
    #[must_use]
    pub fn key(&self, meaning: Meaning, name: &str, key: &str) -> Key {
        self.inner.key(meaning, name, key)
    }

    /// Asks the driver for a sign of life.
    ///
    /// # Errors
    ///
    /// [`CoordError::Unavailable`] when Redis does not answer. The in-process driver always does.
    pub async fn ping(&self) -> Result<(), CoordError> {
        self.inner.raw.ping().await
    }

    /// What is known about the shared state, without asking it.
    #[must_use]
    pub fn shared_state(&self) -> SharedState {
        self.inner.raw.shared_state()
    }

    /// Forgets what has expired in this process. Writing does so little by little; call this once a minute so that
    /// memory comes back when traffic stops.
    pub fn sweep(&self) {
        self.inner.local.sweep();
        self.inner.hub.sweep();
    }
}

impl Inner {
    pub(crate) fn key(&self, meaning: Meaning, name: &str, key: &str) -> Key {
        self.keys.key(meaning, name, key)
    }

    /// Counts and passes on that `meaning` went on without Redis.
    pub(crate) fn degraded(&self, meaning: Meaning) {
        metrics::counter!("weiqiao_coord_degraded_total", "meaning" => meaning.word()).increment(1);
    }
}

impl std::fmt::Debug for Coord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Coord").field("shared_state", &self.shared_state()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use weiqiao_model::{ManualClock, SeededRng};

    use super::*;
    use crate::meaning::rate::Limit;

    fn on_any_thread<T: Send>(future: T) -> T {
        future
    }

    #[tokio::test]
    async fn every_call_may_run_on_any_thread() {
        let coord = Coord::memory(Arc::new(ManualClock::at(0)), Arc::new(SeededRng::new(1)));
        let minute = Duration::from_secs(60);
        on_any_thread(async {
            let lease = coord.lease().acquire("n", "o", minute).await.unwrap().unwrap();
            assert_eq!(coord.lease().renew(&lease, minute).await, Ok(true));
            assert_eq!(coord.one_time().issue("n", "k", b"v", minute).await, Ok(true));
            assert!(coord.rate().check("n", "k", Limit::per_minute(1)).await.allowed);
            assert_eq!(coord.strikes().hit("n", "k", minute).await, 1);
            assert!(coord.tokens().get("a", "k").await.is_none());
            coord.wake().notify("t", b"").await;
            assert!(coord.kv().put("n", "k", b"v", minute).await);
        })
        .await;
        assert_eq!(coord.shared_state(), SharedState::None);
    }
}
