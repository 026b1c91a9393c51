//! `?wait=5s`: an empty list is held back until something happens.

use std::time::Duration;

use http::StatusCode;
use tokio::sync::broadcast::error::RecvError;

use super::answer::Failed;
use crate::clock::parse_span;
use crate::engine::Engine;

/// What `find` gives, as soon as that is something, or after `wait`.
pub(crate) async fn until_some<T>(
    engine: &Engine,
    wait: Option<&str>,
    find: impl Fn() -> Result<Vec<T>, Failed>,
) -> Result<Vec<T>, Failed> {
    let wait_ms = match wait {
        None => 0,
        Some(text) => parse_span(text)
            .and_then(|ms| u64::try_from(ms).ok())
            .filter(|ms| *ms <= 60_000)
            .ok_or_else(|| Failed::new(StatusCode::BAD_REQUEST, "wait must be at most 60s, as 5s"))?,
    };
    let (_, mut feed) = engine.listen(None);
    let found = find()?;
    if !found.is_empty() || wait_ms == 0 {
        return Ok(found);
    }
    let arrival = async {
        while find().is_ok_and(|found| found.is_empty()) {
            if feed.recv().await.is_err_and(|error| error == RecvError::Closed) {
                break;
            }
        }
    };
    // Nothing came in time: an empty list says so.
    let _ = tokio::time::timeout(Duration::from_millis(wait_ms), arrival).await;
    find()
}
