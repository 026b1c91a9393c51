//! HTTP: WeChat's paths, the control API and the pages on one router.

mod api;
mod serve;

pub(crate) use api::{Abort, in_words, respond};
pub(crate) use serve::serve;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::engine::Engine;
use crate::{control, pages};

/// Everything one emulator answers, for embedding in another server.
///
/// Dropping connections on purpose (faults with `reset`) needs the emulator's own listener, see
/// [`crate::Emulator`]; elsewhere such a call gets a broken answer instead.
pub fn router(engine: Arc<Engine>) -> Router {
    Router::new()
        .nest("/_emulator", control::router())
        .route("/_emulator/", get(control::index))
        .merge(pages::router())
        .fallback(api::handle)
        .with_state(engine)
}
