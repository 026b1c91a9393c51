//! `POST /api/admin/jobs/recover`: what went wrong for a while is done after all.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::usecase::job::{Recover, recover_jobs};

use super::millis;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageJobs;
use crate::engine::{Allowed, ApiError, ApiJson, Envelope, Failure, Field, Input, Limited, Success};

/// Which jobs.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct RecoverRequest {
    /// Which kind of work.
    #[schema(example = "customer_message")]
    kind: String,
    /// Those made from this time on, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    since: i64,
    /// Only this account's, by its name or appid, or this webhook's.
    account: Option<String>,
    /// Also those that were refused.
    refused: Option<bool>,
    /// Also those that were skipped.
    skipped: Option<bool>,
}

impl Input for RecoverRequest {
    const NAME: &'static str = "RecoverRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("kind", "Kind").required().max(100),
        Field::whole("since", "Since").required(),
        Field::text("account", "Account").max(128),
        Field::flag("refused", "Refused"),
        Field::flag("skipped", "Skipped"),
    ];
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecoveredBody {
    /// How many jobs are due again.
    #[schema(example = 12)]
    recovered: u64,
}

/// Makes failed jobs due again: those that are dead or expired, on request refused and skipped ones. Uncertain ones are
/// decided one by one.
#[utoipa::path(
    post, path = "/api/admin/jobs/recover", tag = "jobs", operation_id = "recover_jobs", request_body = RecoverRequest,
    responses(
        (status = 200, description = "they are due again", body = Success<RecoveredBody>),
        (status = 400, description = "no such kind", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such account", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageJobs>,
    ApiJson(request): ApiJson<RecoverRequest>,
) -> Result<Envelope<RecoveredBody>, ApiError> {
    let RecoverRequest { kind, since, account, refused, skipped } = request;
    let (refused, skipped) = (refused.unwrap_or(false), skipped.unwrap_or(false));
    let recover = Recover { kind, account, since: millis(since), refused, skipped };
    Ok(Envelope::of(RecoveredBody { recovered: recover_jobs(state.app(), allowed.caller(), recover).await? }))
}
