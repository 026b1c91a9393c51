//! The switch that says: finish what you are doing, take nothing new.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::CancellationToken;

/// Shared by the listener (stops accepting), the readiness route (says no) and every answer
/// (`Connection: close`). Cheap to clone; once begun it stays so.
#[derive(Debug, Clone, Default)]
pub struct Drain {
    token: CancellationToken,
    /// The same as the token says, for whoever looks at every request: the token is behind a lock.
    on: Arc<AtomicBool>,
}

impl Drain {
    /// A switch that is off.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins the drain.
    pub fn begin(&self) {
        self.on.store(true, Ordering::Release);
        self.token.cancel();
    }

    /// Whether the drain has begun.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.on.load(Ordering::Acquire)
    }

    /// Waits until the drain begins.
    pub async fn begun(&self) {
        self.token.cancelled().await;
    }
}
