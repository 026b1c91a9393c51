//! `POST /api/admin/webhooks/{id}/secret`: a new secret, with the old one beside it for a while.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::usecase::webhook::rotate_secret;

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageWebhooks;
use crate::engine::{Allowed, ApiError, ApiJson, ApiPath, Envelope, Failure, Field, Input, Limited, Success};
use crate::routes::admin::job::seconds;

/// How long both sign.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct RotateSecretRequest {
    /// For how many hours deliveries carry the signatures of both, 0 to 168; 24 when missing.
    #[schema(example = 24)]
    overlap_hours: Option<i64>,
}

impl Input for RotateSecretRequest {
    const NAME: &'static str = "RotateSecretRequest";
    const FIELDS: &'static [Field] = &[Field::whole("overlap_hours", "OverlapHours")];
}

/// A secret that was made just now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RotatedSecretBody {
    /// What deliveries are signed with from now on; it cannot be read again.
    #[schema(example = "whsec_…")]
    secret: String,
    /// Until when the earlier secret signs too, epoch seconds.
    #[schema(example = 1_757_149_090_i64)]
    previous_secret_until: i64,
}

/// Replaces the secret.
#[utoipa::path(
    post, path = "/api/admin/webhooks/{id}/secret", tag = "webhooks", operation_id = "rotate_webhook_secret",
    params(("id" = String, Path, description = "the webhook")), request_body = RotateSecretRequest,
    responses(
        (status = 200, description = "replaced; the secret is shown this once", body = Success<RotatedSecretBody>),
        (status = 400, description = "an overlap of more than a week", body = Failure),
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
    ApiJson(request): ApiJson<RotateSecretRequest>,
) -> Result<Envelope<RotatedSecretBody>, ApiError> {
    let rotated = rotate_secret(state.app(), allowed.caller(), &id, request.overlap_hours).await?;
    let secret = rotated.secret.expose().to_owned();
    Ok(Envelope::of(RotatedSecretBody { secret, previous_secret_until: seconds(rotated.previous_until) }))
}
