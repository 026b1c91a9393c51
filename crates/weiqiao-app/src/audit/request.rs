//! Which request is being answered.
//!
//! The only ambient value of the use cases, and on purpose: an entry that lacks its request because somebody forgot to pass
//! it on through six functions would be worth less than the argument saved. Nothing is ever decided by it.
//!
//! Whoever serves requests says at each poll whose turn it is. Tasks that a request starts have no turn.

use std::any::Any;
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;

/// What a request is to those who serve it.
pub trait Request: Any + Send + Sync {
    /// The id in its answer, its headers and the log.
    fn id(&self) -> &str;
}

impl Request for String {
    fn id(&self) -> &str {
        self
    }
}

thread_local! {
    static REQUEST: RefCell<Option<Arc<dyn Request>>> = const { RefCell::new(None) };
}

/// While this lives, the thread works on the request.
#[must_use]
pub struct Turn {
    before: Option<Arc<dyn Request>>,
}

/// Begins a turn of the request. Turns nest; they end in the reverse order.
pub fn turn_of(request: Arc<dyn Request>) -> Turn {
    Turn { before: REQUEST.replace(Some(request)) }
}

impl Drop for Turn {
    fn drop(&mut self) {
        REQUEST.set(self.before.take());
    }
}

/// Looks at the request whose turn it is; `None` outside one.
pub fn with_request<R>(look: impl FnOnce(Option<&dyn Request>) -> R) -> R {
    REQUEST.with_borrow(|request| look(request.as_deref()))
}

/// The id of the request that is being answered; `None` outside one.
#[must_use]
pub fn request_id() -> Option<String> {
    with_request(|request| request.map(|request| request.id().to_owned()))
}

/// Runs what a request does under the request's id.
pub async fn in_request<F: Future>(id: String, work: F) -> F::Output {
    let request: Arc<dyn Request> = Arc::new(id);
    let mut work = pin!(work);
    poll_fn(|context| {
        let _turn = turn_of(Arc::clone(&request));
        work.as_mut().poll(context)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_id_is_known_inside_the_request_only() {
        assert_eq!(request_id(), None);
        let inside = in_request("req-1".to_owned(), async {
            tokio::task::yield_now().await;
            let inner = in_request("req-2".to_owned(), async { request_id() }).await;
            (inner, request_id(), tokio::spawn(async { request_id() }).await.unwrap())
        });
        assert_eq!(inside.await, (Some("req-2".to_owned()), Some("req-1".to_owned()), None));
        assert_eq!(request_id(), None);
    }
}
