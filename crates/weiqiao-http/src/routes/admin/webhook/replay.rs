//! `POST /api/admin/webhooks/{id}/replay`: everything since then once more.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::usecase::webhook::replay_since;

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageWebhooks;
use crate::engine::{Allowed, ApiError, ApiJson, ApiPath, Envelope, Failure, Field, Input, Limited, Success};
use crate::routes::admin::job::millis;

/// What to deliver again.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ReplayRequest {
    /// Events from this time on, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    since: i64,
    /// Also those that were taken, at most a thousand; only what failed when missing.
    #[schema(example = false)]
    taken: Option<bool>,
}

impl Input for ReplayRequest {
    const NAME: &'static str = "ReplayRequest";
    const FIELDS: &'static [Field] = &[Field::whole("since", "Since").required(), Field::flag("taken", "Taken")];
}

/// What is delivered again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReplayedBody {
    /// Deliveries that had failed and are due again.
    #[schema(example = 12)]
    recovered: u64,
    /// Deliveries that had been taken and are made once more.
    #[schema(example = 0)]
    repeated: u64,
}

/// Delivers events again; they keep their ids.
#[utoipa::path(
    post, path = "/api/admin/webhooks/{id}/replay", tag = "webhooks", operation_id = "replay_webhook",
    params(("id" = String, Path, description = "the webhook")), request_body = ReplayRequest,
    responses(
        (status = 200, description = "they are due", body = Success<ReplayedBody>),
        (status = 400, description = "no time", body = Failure),
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
    ApiJson(request): ApiJson<ReplayRequest>,
) -> Result<Envelope<ReplayedBody>, ApiError> {
    let taken = request.taken.unwrap_or(false);
    let replayed = replay_since(state.app(), allowed.caller(), &id, millis(request.since), taken).await?;
    Ok(Envelope::of(ReplayedBody { recovered: replayed.recovered, repeated: replayed.repeated }))
}
