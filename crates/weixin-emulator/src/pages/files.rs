//! Uploaded files at public addresses, shaped like the real ones: videos, material, pictures of articles.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::engine::Engine;

/// `/mmbiz/{id}/0`
pub(crate) async fn show(State(engine): State<Arc<Engine>>, Path(id): Path<String>) -> Response {
    match engine.file(&id) {
        Some((content_type, bytes)) => ([(CONTENT_TYPE, content_type)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
