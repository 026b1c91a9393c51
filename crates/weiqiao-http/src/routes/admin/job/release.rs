//! `DELETE /api/admin/jobs/holds/{account}/{kind}`: nothing has to wait any more.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::job::release_hold;

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageJobs;
use crate::engine::{Allowed, ApiError, ApiPaths, Envelope, Failure, Limited, Success};

/// What goes on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReleasedHold {
    /// Whose jobs.
    #[schema(example = "wx1111111111111111")]
    account: String,
    /// Which kind.
    #[schema(example = "customer_message")]
    kind: String,
}

/// Ends a hold: the secret was corrected, the quota cleared.
#[utoipa::path(
    delete, path = "/api/admin/jobs/holds/{account}/{kind}", tag = "jobs", operation_id = "release_job_hold",
    params(("account" = String, Path, description = "whose jobs"), ("kind" = String, Path, description = "which kind")),
    responses(
        (status = 200, description = "they go on", body = Success<ReleasedHold>),
        (status = 404, description = "there is no hold", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageJobs>,
    ApiPaths(account, kind): ApiPaths,
) -> Result<Envelope<ReleasedHold>, ApiError> {
    release_hold(state.app(), allowed.caller(), &account, &kind).await?;
    Ok(Envelope::of(ReleasedHold { account, kind }))
}
