//! `events`: the live feed (server-sent events).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{self, KeepAlive, Sse};
use futures_util::{StreamExt, stream};
use http::HeaderMap;
use tokio::sync::broadcast::error::RecvError;

use crate::engine::{Engine, Event};

fn written(event: &Event) -> Result<sse::Event, Infallible> {
    let data = serde_json::to_string(event).unwrap_or_default();
    Ok(sse::Event::default().id(event.id.to_string()).event(event.kind).data(data))
}

/// Sends every event as it happens; with `Last-Event-ID` first those missed meanwhile, as far as they are kept.
pub(crate) async fn stream(State(engine): State<Arc<Engine>>, headers: HeaderMap) -> impl IntoResponse {
    let after = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let (missed, feed) = engine.listen(after);
    let live = stream::unfold(feed, |mut feed| async move {
        loop {
            match feed.recv().await {
                Ok(event) => return Some((event, feed)),
                // A slow listener loses the oldest events; the ids show the gap.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    let all = stream::iter(missed).chain(live).map(|event| written(&event));
    Sse::new(all).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
