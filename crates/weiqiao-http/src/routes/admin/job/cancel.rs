//! `POST /api/admin/jobs/{id}/cancel`: call it off.

use axum::extract::State;
use weiqiao_app::usecase::job::{cancel_job, find_job};

use super::JobBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageJobs;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// Calls a job off that is neither over nor under way.
#[utoipa::path(
    post, path = "/api/admin/jobs/{id}/cancel", tag = "jobs", operation_id = "cancel_job",
    params(("id" = String, Path, description = "the job")),
    responses(
        (status = 200, description = "called off", body = Success<JobBody>),
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
    cancel_job(state.app(), allowed.caller(), &id).await?;
    let (job, _) = find_job(state.app(), &id).await?;
    Ok(Envelope::of(job.into()))
}
