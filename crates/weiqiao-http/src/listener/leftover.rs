//! What a handler leaves of a request's body.
//!
//! Many refusals need no body: 401, 403, 429 are known from the head. A client that sends its body a moment after its
//! head would then write into a connection that hyper has closed behind the answer, and lose the answer, or its next
//! request. So a short rest is taken in before the answer leaves; after a long one, or one that does not come, the answer
//! says `Connection: close`.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body::Body as _;
use hyper::body::Incoming;
use tokio::time::{Sleep, sleep};

/// The longest rest that is taken in, in bytes.
const MOST: u64 = 8 * 1024 * 1024;
/// How long it may take to come.
const LONGEST: Duration = Duration::from_secs(1);

/// Where a body goes that is dropped before its end.
#[derive(Clone, Default)]
pub(super) struct Leftover(Arc<Mutex<Option<Incoming>>>);

impl Leftover {
    /// Keeps the body when there may be more of it.
    pub(super) fn keep(&self, body: Incoming) {
        if !body.is_end_stream() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        }
    }

    /// What was kept.
    pub(super) fn take(&self) -> Option<Rest> {
        let body = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(Rest { body, taken: 0, timer: Box::pin(sleep(LONGEST)) })
    }
}

/// The rest of a body, on its way into nothing.
pub(super) struct Rest {
    body: Incoming,
    taken: u64,
    timer: Pin<Box<Sleep>>,
}

impl Rest {
    /// Takes it in; tells whether the connection may be used again.
    pub(super) fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        loop {
            if self.taken.saturating_add(self.body.size_hint().lower()) > MOST {
                return Poll::Ready(false);
            }
            match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Ready(None) => return Poll::Ready(true),
                Poll::Ready(Some(Err(_))) => return Poll::Ready(false),
                Poll::Ready(Some(Ok(frame))) => {
                    let length = frame.data_ref().map_or(0, |data| data.len());
                    self.taken = self.taken.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
                }
                Poll::Pending => return self.timer.as_mut().poll(cx).map(|()| false),
            }
        }
    }
}
