//! HTTP: WeChat's paths, the control API and the pages on one router.

mod api;
mod serve;

pub(crate) use api::{Abort, in_words, respond};
pub(crate) use serve::serve;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;

use crate::engine::Engine;
use crate::{control, pages};

/// Everything one emulator answers, for embedding in another server.
///
/// Dropping connections on purpose (faults with `reset`) needs the emulator's own listener, see
/// [`crate::Emulator`]; elsewhere such a call gets a broken answer instead.
pub fn router(engine: Arc<Engine>) -> Router {
    // The last layer is the outermost.
    let known_host = middleware::from_fn_with_state(Arc::clone(&engine), control::known_host);
    Router::new()
        .nest("/_emulator", control::router().layer(known_host.clone()))
        .route("/_emulator/", get(control::index).layer(known_host.clone()))
        .merge(pages::overview().route_layer(known_host))
        .merge(pages::router())
        .fallback(api::handle)
        .layer(middleware::from_fn_with_state(Arc::clone(&engine), then_tell))
        .with_state(engine)
}

/// What a call made WeChat tell an account goes out when the call has been answered.
async fn then_tell(State(engine): State<Arc<Engine>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    engine.dispatch();
    response
}
