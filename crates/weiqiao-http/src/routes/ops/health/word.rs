//! `GET /health`: is the service usable, in one word and nothing more: no version, no names of parts.

use axum::extract::State;
use http::StatusCode;

use crate::AppState;

/// One word, for load balancers and people.
#[utoipa::path(
    get, path = "/health", tag = "ops", operation_id = "health_word",
    responses(
        (status = 200, description = "usable", body = String, content_type = "text/plain", example = "ok"),
        (status = 503, description = "the database is down", body = String, content_type = "text/plain", example = "down"),
    ),
)]
pub(crate) async fn handler(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match weiqiao_app::usecase::health::check_health(state.app()).await.is_ready() {
        true => (StatusCode::OK, "ok"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "down"),
    }
}
