//! What people see.

use std::sync::Arc;

use axum::Router;

use crate::engine::Engine;

/// All pages.
pub(crate) fn router() -> Router<Arc<Engine>> {
    Router::new()
}
