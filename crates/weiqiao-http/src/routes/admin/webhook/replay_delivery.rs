//! `POST /api/admin/webhooks/{id}/deliveries/{delivery}/replay`: one event once more.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::webhook::replay_delivery;

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageWebhooks;
use crate::engine::{Allowed, ApiError, ApiPaths, Envelope, Failure, Limited, Success};

/// The delivery to look at.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReplayedDelivery {
    /// The same one when it had failed, a new one when it had been taken.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d12")]
    id: String,
}

/// Delivers one event again; it keeps its id.
#[utoipa::path(
    post, path = "/api/admin/webhooks/{id}/deliveries/{delivery}/replay", tag = "webhooks",
    operation_id = "replay_webhook_delivery",
    params(("id" = String, Path, description = "the webhook"), ("delivery" = String, Path, description = "the delivery")),
    responses(
        (status = 200, description = "due now", body = Success<ReplayedDelivery>),
        (status = 404, description = "no such delivery to this webhook", body = Failure),
        (status = 409, description = "it is under way", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageWebhooks>,
    ApiPaths(id, delivery): ApiPaths,
) -> Result<Envelope<ReplayedDelivery>, ApiError> {
    let id = replay_delivery(state.app(), allowed.caller(), &id, &delivery).await?;
    Ok(Envelope::of(ReplayedDelivery { id }))
}
