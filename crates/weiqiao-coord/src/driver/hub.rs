//! Who in this process waits for which topic.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt as _};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

/// How many notes a slow subscriber may lag behind before it is told [`Wake::Missed`] instead.
const BACKLOG: usize = 256;

/// What a subscriber gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    /// Something happened; the payload is a hint of its sender and may be empty.
    Note(Vec<u8>),
    /// Notes may have been lost (the connection broke, or this subscriber was too slow): look at everything.
    Missed,
}

/// Wakes of one topic, from the moment of subscribing on. Never ends by itself while the [`crate::Coord`] lives.
pub struct Subscription(BroadcastStream<Wake>);

impl Subscription {
    /// Waits for the next wake; `None` when the [`crate::Coord`] is gone.
    pub async fn next(&mut self) -> Option<Wake> {
        self.0.next().await.map(lagged_is_missed)
    }
}

impl Stream for Subscription {
    type Item = Wake;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Wake>> {
        self.0.poll_next_unpin(context).map(|next| next.map(lagged_is_missed))
    }
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscription")
    }
}

fn lagged_is_missed(next: Result<Wake, BroadcastStreamRecvError>) -> Wake {
    next.unwrap_or(Wake::Missed)
}

/// Subscribers by topic. A topic without subscribers takes no room.
#[derive(Default)]
pub(crate) struct Hub(Mutex<HashMap<[u8; 16], broadcast::Sender<Wake>>>);

impl Hub {
    pub(crate) fn subscribe(&self, topic: [u8; 16]) -> Subscription {
        let mut topics = self.topics();
        let sender = topics.entry(topic).or_insert_with(|| broadcast::channel(BACKLOG).0);
        Subscription(BroadcastStream::new(sender.subscribe()))
    }

    pub(crate) fn send(&self, topic: [u8; 16], payload: &[u8]) {
        let mut topics = self.topics();
        if let Some(sender) = topics.get(&topic)
            && sender.send(Wake::Note(payload.to_vec())).is_err()
        {
            topics.remove(&topic);
        }
    }

    /// Tells every subscriber that it may have missed something.
    pub(crate) fn missed(&self) {
        self.topics().retain(|_, sender| sender.send(Wake::Missed).is_ok());
    }

    pub(crate) fn sweep(&self) {
        self.topics().retain(|_, sender| sender.receiver_count() > 0);
    }

    fn topics(&self) -> MutexGuard<'_, HashMap<[u8; 16], broadcast::Sender<Wake>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_slow_subscriber_is_told_that_it_missed_notes() {
        let hub = Hub::default();
        let mut slow = hub.subscribe([1; 16]);
        for n in 0..=BACKLOG {
            hub.send([1; 16], n.to_string().as_bytes());
        }
        assert_eq!(slow.next().await, Some(Wake::Missed));
        assert_eq!(slow.next().await, Some(Wake::Note(b"1".to_vec())));
    }

    #[tokio::test]
    async fn topics_nobody_waits_for_are_forgotten() {
        let hub = Hub::default();
        drop(hub.subscribe([1; 16]));
        drop(hub.subscribe([2; 16]));
        let _kept = hub.subscribe([3; 16]);
        hub.send([1; 16], b"");
        assert_eq!(hub.topics().len(), 2);
        hub.sweep();
        assert_eq!(hub.topics().len(), 1);
    }
}
