//! Counted failures.

use std::time::Duration;

use crate::coord::Inner;
use crate::key::Meaning;

/// Failures of a caller within a window, for lock-outs. The first failure opens the window; later ones do not prolong
/// it.
///
/// **Without Redis** counting goes on in this process, from the last number Redis gave for that caller. Asking never
/// fails.
#[derive(Clone, Copy)]
pub struct Strikes<'a>(pub(crate) &'a Inner);

impl Strikes<'_> {
    /// Counts one failure of `key` and returns how many there are in the window.
    pub async fn hit(&self, name: &str, key: &str, window: Duration) -> u32 {
        let key = self.0.key(Meaning::Strikes, name, key);
        match self.0.raw.incr(&key, window).await {
            Ok(count) => {
                if !self.0.raw.is_local() {
                    self.0.local.set_count(&key, count, window);
                }
                small(count)
            }
            Err(_unavailable) => {
                self.0.degraded(Meaning::Strikes);
                // A pool of counters makes room by itself, so this does not fail.
                small(self.0.local.incr(&key, window).unwrap_or(1))
            }
        }
    }

    /// How many failures there are in the window, without counting one.
    pub async fn count(&self, name: &str, key: &str) -> u32 {
        let key = self.0.key(Meaning::Strikes, name, key);
        match self.0.raw.count(&key).await {
            Ok(count) => small(count),
            Err(_unavailable) => {
                self.0.degraded(Meaning::Strikes);
                small(self.0.local.count(&key))
            }
        }
    }

    /// Forgets the failures of `key`, after a success.
    pub async fn clear(&self, name: &str, key: &str) {
        let key = self.0.key(Meaning::Strikes, name, key);
        self.0.local.take(&key);
        if self.0.raw.delete(&key).await.is_err() {
            self.0.degraded(Meaning::Strikes);
        }
    }
}

fn small(count: i64) -> u32 {
    u32::try_from(count.max(0)).unwrap_or(u32::MAX)
}
