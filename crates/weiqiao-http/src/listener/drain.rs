//! The switch that says: finish what you are doing, take nothing new.

use tokio_util::sync::CancellationToken;

/// Shared by the listener (stops accepting), the readiness route (says no) and every answer
/// (`Connection: close`). Cheap to clone; once begun it stays so.
#[derive(Debug, Clone, Default)]
pub struct Drain {
    token: CancellationToken,
}

impl Drain {
    /// A switch that is off.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins the drain.
    pub fn begin(&self) {
        self.token.cancel();
    }

    /// Whether the drain has begun.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Waits until the drain begins.
    pub async fn begun(&self) {
        self.token.cancelled().await;
    }
}
