//! "Something happened, look now", across instances.

use crate::coord::Inner;
use crate::driver::hub::Subscription;
use crate::key::Meaning;

/// Wake-ups across instances. They save waiting for the next sweep and are never the only way to find out.
///
/// **Without Redis** this process is woken; others find out by their sweep. When Redis comes back, or a subscriber was
/// too slow, it gets [`crate::Wake::Missed`].
#[derive(Clone, Copy)]
pub struct Wakes<'a>(pub(crate) &'a Inner);

impl Wakes<'_> {
    /// Wakes everybody who waits for `topic`. `payload` is a hint, not a message: it may get lost, and holds no secret.
    pub async fn notify(&self, topic: &str, payload: &[u8]) {
        if self.0.raw.publish(&self.0.key(Meaning::Wake, topic, ""), payload).await.is_err() {
            self.0.degraded(Meaning::Wake);
        }
    }

    /// What is notified on `topic` from now on. Must be called inside a Tokio runtime.
    #[must_use]
    pub fn subscribe(&self, topic: &str) -> Subscription {
        self.0.raw.subscribe(&self.0.key(Meaning::Wake, topic, ""))
    }
}
