//! `GET /api/admin/webhooks`: where events go.

use axum::extract::State;
use weiqiao_app::usecase::webhook::list_endpoints;

use super::WebhookBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageWebhooks;
use crate::engine::{Allowed, ApiError, Envelope, Failure, Limited, Success};

/// Lists webhooks, the oldest first. There are at most a hundred.
#[utoipa::path(
    get, path = "/api/admin/webhooks", tag = "webhooks", operation_id = "list_webhooks",
    responses(
        (status = 200, description = "all of them", body = Success<Vec<WebhookBody>>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ManageWebhooks>,
) -> Result<Envelope<Vec<WebhookBody>>, ApiError> {
    let endpoints = list_endpoints(state.app()).await?;
    Ok(Envelope::of(endpoints.into_iter().map(WebhookBody::from).collect()))
}
