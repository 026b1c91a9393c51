//! `GET /api/admin/webhooks/{id}`: one of them.

use axum::extract::State;
use weiqiao_app::usecase::webhook::find_endpoint;

use super::WebhookBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageWebhooks;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// Shows a webhook and how it is doing.
#[utoipa::path(
    get, path = "/api/admin/webhooks/{id}", tag = "webhooks", operation_id = "read_webhook",
    params(("id" = String, Path, description = "the webhook")),
    responses(
        (status = 200, description = "the webhook", body = Success<WebhookBody>),
        (status = 404, description = "no such webhook", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ManageWebhooks>,
    ApiPath(id): ApiPath,
) -> Result<Envelope<WebhookBody>, ApiError> {
    Ok(Envelope::of(find_endpoint(state.app(), &id).await?.into()))
}
