//! `POST /api/admin/jobs/{id}/retry`: try it again now, whatever came of it.

use axum::extract::State;
use weiqiao_app::usecase::job::{find_job, retry_job};

use super::JobBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageJobs;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// Tries a job again now and begins its schedule anew. Not one that was done, nor one that is under way.
#[utoipa::path(
    post, path = "/api/admin/jobs/{id}/retry", tag = "jobs", operation_id = "retry_job",
    params(("id" = String, Path, description = "the job")),
    responses(
        (status = 200, description = "due now", body = Success<JobBody>),
        (status = 404, description = "no such job", body = Failure),
        (status = 409, description = "its state does not allow it", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageJobs>,
    ApiPath(id): ApiPath,
) -> Result<Envelope<JobBody>, ApiError> {
    retry_job(state.app(), allowed.caller(), &id).await?;
    let (job, _) = find_job(state.app(), &id).await?;
    Ok(Envelope::of(job.into()))
}
