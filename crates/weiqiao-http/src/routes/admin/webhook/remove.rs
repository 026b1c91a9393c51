//! `DELETE /api/admin/webhooks/{id}`: no more events.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::webhook::delete_endpoint;

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageWebhooks;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// Which webhook is gone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RemovedWebhook {
    /// Its id.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
}

/// Takes a webhook away; what was still to be delivered to it is called off.
#[utoipa::path(
    delete, path = "/api/admin/webhooks/{id}", tag = "webhooks", operation_id = "delete_webhook",
    params(("id" = String, Path, description = "the webhook")),
    responses(
        (status = 200, description = "gone", body = Success<RemovedWebhook>),
        (status = 404, description = "no such webhook", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageWebhooks>,
    ApiPath(id): ApiPath,
) -> Result<Envelope<RemovedWebhook>, ApiError> {
    delete_endpoint(state.app(), allowed.caller(), &id).await?;
    Ok(Envelope::of(RemovedWebhook { id }))
}
