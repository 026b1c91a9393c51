//! Bytes that can be computed again.

use std::time::Duration;

use crate::coord::Inner;
use crate::key::Meaning;

/// Bytes that can be computed again.
///
/// **Without Redis** nothing is found and nothing is kept.
#[derive(Clone, Copy)]
pub struct Cache<'a>(pub(crate) &'a Inner);

impl Cache<'_> {
    /// The bytes, if they are here.
    pub async fn get(&self, name: &str, key: &str) -> Option<Vec<u8>> {
        match self.0.raw.get(&self.0.key(Meaning::Cache, name, key)).await {
            Ok(found) => found,
            Err(_unavailable) => {
                self.0.degraded(Meaning::Cache);
                None
            }
        }
    }

    /// Keeps the bytes for `ttl`; tells whether it did.
    pub async fn put(&self, name: &str, key: &str, value: &[u8], ttl: Duration) -> bool {
        let kept = self.0.raw.put(&self.0.key(Meaning::Cache, name, key), value, ttl).await.is_ok();
        if !kept {
            self.0.degraded(Meaning::Cache);
        }
        kept
    }

    /// Forgets the bytes. Without Redis they stay until they expire, so never cache what must be revocable at once.
    pub async fn delete(&self, name: &str, key: &str) {
        if self.0.raw.delete(&self.0.key(Meaning::Cache, name, key)).await.is_err() {
            self.0.degraded(Meaning::Cache);
        }
    }
}
