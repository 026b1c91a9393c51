//! Which request is being answered.
//!
//! The only ambient value of the use cases, and on purpose: an entry that lacks its request because somebody forgot to pass
//! it on through six functions would be worth less than the argument saved. Nothing is ever decided by it.

use std::future::Future;

tokio::task_local! {
    static REQUEST: String;
}

/// Runs what a request does under the request's id.
pub async fn in_request<F: Future>(id: String, work: F) -> F::Output {
    REQUEST.scope(id, work).await
}

/// The id of the request that is being answered; `None` outside one, also in tasks that a request started.
#[must_use]
pub fn request_id() -> Option<String> {
    REQUEST.try_with(Clone::clone).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_id_is_known_inside_the_request_only() {
        assert_eq!(request_id(), None);
        let inside = in_request("req-1".to_owned(), async { request_id() }).await;
        assert_eq!(inside.as_deref(), Some("req-1"));
        assert_eq!(request_id(), None);
    }
}
