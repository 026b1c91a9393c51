//! Values that may be taken once.

use std::time::Duration;

use crate::coord::Inner;
use crate::error::CoordError;
use crate::key::Meaning;

/// Values that may be taken once: of many callers at once, in all instances, one gets the value.
///
/// **Without Redis** new values are kept in this process, so they are found as long as the same instance is asked; a
/// value that may be on Redis answers [`CoordError::Unavailable`], never "there is none". A promise that must outlive
/// Redis belongs into the store.
#[derive(Clone, Copy)]
pub struct OneTime<'a>(pub(crate) &'a Inner);

impl OneTime<'_> {
    /// Keeps `value` under `key` for `ttl`; false when that key is taken already.
    ///
    /// # Errors
    /// [`CoordError::Full`] when this process holds 100,000 of them.
    pub async fn issue(&self, name: &str, key: &str, value: &[u8], ttl: Duration) -> Result<bool, CoordError> {
        let key = self.0.key(Meaning::OneTime, name, key);
        match self.0.raw.put_new(&key, value, ttl).await {
            Err(CoordError::Unavailable(_)) => {
                self.0.degraded(Meaning::OneTime);
                self.0.local.put_new(&key, value, ttl)
            }
            answer => answer,
        }
    }

    /// Takes the value; nothing when it is unknown, expired or taken.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`] when the value may be on Redis, which does not answer. It may have been taken.
    pub async fn take(&self, name: &str, key: &str) -> Result<Option<Vec<u8>>, CoordError> {
        let key = self.0.key(Meaning::OneTime, name, key);
        match self.0.local.take(&key) {
            None if !self.0.raw.is_local() => self.0.raw.take(&key).await,
            found => Ok(found),
        }
    }

    /// Looks at the value and leaves it.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`] when the value may be on Redis, which does not answer.
    pub async fn peek(&self, name: &str, key: &str) -> Result<Option<Vec<u8>>, CoordError> {
        let key = self.0.key(Meaning::OneTime, name, key);
        match self.0.local.get(&key) {
            None if !self.0.raw.is_local() => self.0.raw.get(&key).await,
            found => Ok(found),
        }
    }
}
