//! How many requests are worked on at once.
//!
//! Beyond what two cores can do in parallel, more requests in work only make each of them slower. A bounded
//! number works, a bounded number waits, the rest is told at once to come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The gate in front of the handlers.
#[derive(Debug)]
pub(crate) struct Gate {
    permits: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    most_waiting: usize,
}

/// The right to work on one request.
pub(super) type Permit = OwnedSemaphorePermit;

/// One request in the queue; leaves it when dropped.
pub(super) struct Waiting {
    permits: Arc<Semaphore>,
    queue: Arc<AtomicUsize>,
}

/// What the gate says to a request.
pub(super) enum Entry {
    /// Come in.
    Now(Permit),
    /// Wait here.
    Later(Waiting),
    /// Come back another time.
    Never,
}

impl Gate {
    pub(crate) fn new(most_working: usize, most_waiting: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(most_working.min(Semaphore::MAX_PERMITS))),
            waiting: Arc::default(),
            most_waiting,
        }
    }

    pub(super) fn enter(&self) -> Entry {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Entry::Now(permit);
        }
        let waiting = Waiting { permits: Arc::clone(&self.permits), queue: Arc::clone(&self.waiting) };
        if self.waiting.fetch_add(1, Ordering::Relaxed) < self.most_waiting {
            Entry::Later(waiting)
        } else {
            Entry::Never
        }
    }
}

impl Waiting {
    /// Waits for the permit. `None` only if the gate was taken down.
    pub(super) async fn turn(self) -> Option<Permit> {
        Arc::clone(&self.permits).acquire_owned().await.ok()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.queue.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Gate};

    #[tokio::test]
    async fn work_queue_refuse_and_move_up() {
        let gate = Gate::new(1, 1);
        let Entry::Now(working) = gate.enter() else { panic!("the first works") };
        let Entry::Later(waiting) = gate.enter() else { panic!("the second waits") };
        assert!(matches!(gate.enter(), Entry::Never));
        drop(working);
        let working = waiting.turn().await.unwrap();
        assert!(matches!(gate.enter(), Entry::Later(_)));
        drop(working);
        assert!(matches!(gate.enter(), Entry::Now(_)));
    }
}
