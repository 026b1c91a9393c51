//! What is under way, by lane.

use std::collections::HashMap;

use tokio::task::{Id, JoinSet};

/// A lane: kind and account.
pub(super) type Lane = (String, String);

/// The tasks of one worker.
#[derive(Default)]
pub(super) struct Busy {
    tasks: JoinSet<()>,
    lanes: HashMap<Id, Lane>,
    counts: HashMap<Lane, usize>,
}

impl Busy {
    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// How many of one lane.
    pub(super) fn of(&self, lane: &Lane) -> usize {
        self.counts.get(lane).copied().unwrap_or(0)
    }

    pub(super) fn start(&mut self, lane: Lane, job: impl Future<Output = ()> + Send + 'static) {
        *self.counts.entry(lane.clone()).or_default() += 1;
        let id = self.tasks.spawn(job).id();
        self.lanes.insert(id, lane);
    }

    /// Waits until one has ended, and tidies up after all that have. For ever when there is none.
    pub(super) async fn ended(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(ended) => self.forget(ended),
            None => std::future::pending().await,
        }
        while let Some(ended) = self.tasks.try_join_next_with_id() {
            self.forget(ended);
        }
    }

    /// Ends all; gives how many there were.
    pub(super) async fn abort(&mut self) -> usize {
        let count = self.tasks.len();
        self.tasks.shutdown().await;
        count
    }

    fn forget(&mut self, ended: Result<(Id, ()), tokio::task::JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(error) => {
                tracing::error!(%error, "a task of the worker ended badly");
                error.id()
            }
        };
        let Some(lane) = self.lanes.remove(&id) else { return };
        if let Some(count) = self.counts.get_mut(&lane) {
            *count -= 1;
            if *count == 0 {
                self.counts.remove(&lane);
            }
        }
    }
}
