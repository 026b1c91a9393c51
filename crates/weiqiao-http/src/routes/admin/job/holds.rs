//! `GET /api/admin/jobs/holds`: which accounts have to wait, and why.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::job::list_holds;

use super::seconds;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadJobs;
use crate::engine::{Allowed, ApiError, Envelope, Failure, Limited, Success};

/// Jobs of an account and kind that have to wait. When the time is over one of them tries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HoldBody {
    /// Whose: an appid, or the id of a webhook.
    #[schema(example = "wx1111111111111111")]
    account: String,
    /// Which kind of work.
    #[schema(example = "customer_message")]
    kind: String,
    /// `quota`: until tomorrow; `busy`: a minute; `account`: secret or address are refused; `unreachable`.
    #[schema(example = "quota")]
    reason: String,
    /// WeChat's number.
    #[schema(example = 45009)]
    errcode: Option<i64>,
    /// Until when, epoch seconds.
    #[schema(example = 1_757_088_120_i64)]
    until: i64,
    /// How often in a row it came to this.
    #[schema(example = 1)]
    failures: i64,
    /// Since when, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    since: i64,
}

/// Lists everything that has to wait.
#[utoipa::path(
    get, path = "/api/admin/jobs/holds", tag = "jobs", operation_id = "list_job_holds",
    responses(
        (status = 200, description = "all of them", body = Success<Vec<HoldBody>>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ReadJobs>,
) -> Result<Envelope<Vec<HoldBody>>, ApiError> {
    let holds = list_holds(state.app()).await?.into_iter().map(|hold| HoldBody {
        account: hold.account,
        kind: hold.kind,
        reason: hold.reason,
        errcode: hold.errcode,
        until: seconds(hold.until),
        failures: hold.failures,
        since: seconds(hold.since),
    });
    Ok(Envelope::of(holds.collect()))
}
