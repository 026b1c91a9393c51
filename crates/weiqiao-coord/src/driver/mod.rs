//! The raw operations, one arm per backend. Meaning lives one floor up, in `meaning/`.

use std::sync::Arc;
use std::time::Duration;

use crate::coord::SharedState;
use crate::error::CoordError;
use crate::key::Key;

pub(crate) mod hub;
pub(crate) mod memory;
pub(crate) mod redis;

use hub::{Hub, Subscription};
use memory::Memory;
use redis::Redis;

/// Answer of one GCRA step: how far the caller's bucket is filled, in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gcra {
    /// Whether the request fits; if not, nothing was taken.
    pub allowed: bool,
    /// How long until one more fits: zero when `allowed`.
    pub retry_after: Duration,
    /// How much of the bucket is left after this request.
    pub room: Duration,
}

/// The raw operations of the driver in use. Every value has a life; times are those of the driver (Redis' own clock on
/// Redis), cut to whole milliseconds and at least one.
///
/// On Redis every method may answer [`CoordError::Unavailable`]; whether a write happened is then unknown.
pub struct Raw {
    backend: Backend,
    hub: Arc<Hub>,
}

enum Backend {
    Memory(Arc<Memory>),
    Redis(Box<Redis>),
}

impl Raw {
    pub(crate) fn memory(memory: Arc<Memory>, hub: Arc<Hub>) -> Self {
        Self { backend: Backend::Memory(memory), hub }
    }

    pub(crate) fn redis(redis: Redis, hub: Arc<Hub>) -> Self {
        Self { backend: Backend::Redis(Box::new(redis)), hub }
    }

    /// The value under `key`.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`].
    pub async fn get(&self, key: &Key) -> Result<Option<Vec<u8>>, CoordError> {
        match &self.backend {
            Backend::Memory(memory) => Ok(memory.get(key)),
            Backend::Redis(redis) => redis.get(key).await,
        }
    }

    /// Sets the value, whatever was there.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`], [`CoordError::Full`].
    pub async fn put(&self, key: &Key, value: &[u8], ttl: Duration) -> Result<(), CoordError> {
        match &self.backend {
            Backend::Memory(memory) => memory.put(key, value, ttl),
            Backend::Redis(redis) => redis.put(key, value, ttl).await,
        }
    }

    /// Sets the value unless there is one; tells whether it did.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`], [`CoordError::Full`].
    pub async fn put_new(&self, key: &Key, value: &[u8], ttl: Duration) -> Result<bool, CoordError> {
        match &self.backend {
            Backend::Memory(memory) => memory.put_new(key, value, ttl),
            Backend::Redis(redis) => redis.put_new(key, value, ttl).await,
        }
    }

    /// Replaces the value when it is `expected`; tells whether it did. The same value twice renews its life.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`].
    pub async fn put_if(&self, key: &Key, expected: &[u8], value: &[u8], ttl: Duration) -> Result<bool, CoordError> {
        match &self.backend {
            Backend::Memory(memory) => memory.put_if(key, expected, value, ttl),
            Backend::Redis(redis) => redis.put_if(key, expected, value, ttl).await,
        }
    }

    /// Reads and removes in one step: of many callers at once, one gets the value.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`].
    pub async fn take(&self, key: &Key) -> Result<Option<Vec<u8>>, CoordError> {
        match &self.backend {
            Backend::Memory(memory) => Ok(memory.take(key)),
            Backend::Redis(redis) => redis.take(key).await,
        }
    }

    /// Removes the value; tells whether there was one.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`].
    pub async fn delete(&self, key: &Key) -> Result<bool, CoordError> {
        match &self.backend {
            Backend::Memory(memory) => Ok(memory.take(key).is_some()),
            Backend::Redis(redis) => redis.delete(key).await,
        }
    }

    /// Removes the value when it is `expected`; tells whether it did.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`].
    pub async fn delete_if(&self, key: &Key, expected: &[u8]) -> Result<bool, CoordError> {
        match &self.backend {
            Backend::Memory(memory) => Ok(memory.delete_if(key, expected)),
            Backend::Redis(redis) => redis.delete_if(key, expected).await,
        }
    }

    /// Adds one to a counter and returns it. The first one starts its life; later ones do not prolong it.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`], [`CoordError::Full`].
    pub async fn incr(&self, key: &Key, ttl: Duration) -> Result<i64, CoordError> {
        match &self.backend {
            Backend::Memory(memory) => memory.incr(key, ttl),
            Backend::Redis(redis) => redis.incr(key, ttl).await,
        }
    }

    /// The counter under `key`; zero when there is none.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`].
    pub async fn count(&self, key: &Key) -> Result<i64, CoordError> {
        match &self.backend {
            Backend::Memory(memory) => Ok(memory.count(key)),
            Backend::Redis(redis) => redis.count(key).await,
        }
    }

    /// One step of the generic cell rate algorithm: the bucket drains with time, a request fills it by `interval`, and
    /// fits while it holds at most `interval × burst`.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`].
    pub async fn gcra(&self, key: &Key, interval: Duration, burst: u32) -> Result<Gcra, CoordError> {
        match &self.backend {
            Backend::Memory(memory) => Ok(memory.gcra(key, interval, burst)),
            Backend::Redis(redis) => redis.gcra(key, interval, burst).await,
        }
    }

    /// Puts `token` when nobody holds `key`, and returns a number greater than every one given out for `key` before,
    /// also after a restart or a flush (it starts from the driver's clock in microseconds).
    ///
    /// # Errors
    /// [`CoordError::Unavailable`], [`CoordError::Full`].
    pub async fn acquire(&self, key: &Key, token: &[u8], ttl: Duration) -> Result<Option<i64>, CoordError> {
        match &self.backend {
            Backend::Memory(memory) => memory.acquire(key, token, ttl),
            Backend::Redis(redis) => redis.acquire(key, token, ttl).await,
        }
    }

    /// Sets the value when the stored one has a smaller `generation`, or none is stored; tells whether it did.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`], [`CoordError::Full`].
    pub async fn put_if_newer(
        &self,
        key: &Key,
        generation: u64,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, CoordError> {
        match &self.backend {
            Backend::Memory(memory) => memory.put_if_newer(key, generation, value, ttl),
            Backend::Redis(redis) => redis.put_if_newer(key, generation, value, ttl).await,
        }
    }

    /// The value and generation stored by [`Raw::put_if_newer`].
    ///
    /// # Errors
    /// [`CoordError::Unavailable`].
    pub async fn get_newest(&self, key: &Key) -> Result<Option<(u64, Vec<u8>)>, CoordError> {
        match &self.backend {
            Backend::Memory(memory) => Ok(memory.get_newest(key)),
            Backend::Redis(redis) => redis.get_newest(key).await,
        }
    }

    /// Tells all subscribers of `topic`: those of this process always and at once, others when Redis answers.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`] when other instances could not be told.
    pub async fn publish(&self, topic: &Key, payload: &[u8]) -> Result<(), CoordError> {
        self.hub.send(topic.digest, payload);
        match &self.backend {
            Backend::Memory(_) => Ok(()),
            Backend::Redis(redis) => redis.publish(topic, payload).await,
        }
    }

    /// What is published on `topic` from now on, by this process and by others.
    pub fn subscribe(&self, topic: &Key) -> Subscription {
        if let Backend::Redis(redis) = &self.backend {
            redis.listen();
        }
        self.hub.subscribe(topic.digest)
    }

    pub(crate) async fn ping(&self) -> Result<(), CoordError> {
        match &self.backend {
            Backend::Memory(_) => Ok(()),
            Backend::Redis(redis) => redis.ping().await,
        }
    }

    pub(crate) fn shared_state(&self) -> SharedState {
        match &self.backend {
            Backend::Memory(_) => SharedState::None,
            Backend::Redis(redis) if redis.is_up() => SharedState::Up,
            Backend::Redis(_) => SharedState::Down,
        }
    }

    /// Whether this process is all there is, so that there is nothing to fall back to.
    pub(crate) fn is_local(&self) -> bool {
        matches!(self.backend, Backend::Memory(_))
    }
}

/// A life in whole milliseconds, at least one, at most about 31 years.
pub(crate) fn whole_ms(ttl: Duration) -> i64 {
    i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX).clamp(1, 1_000_000_000_000)
}
