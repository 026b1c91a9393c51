//! `GET /api/admin/jobs/{id}`: how it went with one.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::job::{ListedAttempt, find_job};

use super::{JobBody, seconds};
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadJobs;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// A job with its tries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobDetailBody {
    #[serde(flatten)]
    job: JobBody,
    /// Its last 200 tries, the first one first.
    #[serde(rename = "attempts")]
    tries: Vec<AttemptBody>,
    /// How often it was tried.
    #[schema(example = 1)]
    attempt_count: i64,
}

/// One try.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttemptBody {
    /// Which one, from 1.
    #[schema(example = 1)]
    n: i64,
    /// When it began, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    at: i64,
    /// How long it took, in milliseconds; nothing while it is under way.
    #[schema(example = 84)]
    ms: Option<i64>,
    /// The HTTP status, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    http_status: Option<i64>,
    /// WeChat's number, where it gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 45015)]
    errcode: Option<i64>,
    /// WeChat's words, or ours, where something went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    errmsg: Option<String>,
    /// `sent`, `failed`, `refused`, `not_sent`, `throttled`, `uncertain`; nothing while it is under way.
    #[schema(example = "refused")]
    verdict: Option<&'static str>,
}

impl From<ListedAttempt> for AttemptBody {
    fn from(attempt: ListedAttempt) -> Self {
        let ListedAttempt { n, at, ms, http_status, errcode, errmsg, verdict } = attempt;
        Self { n, at: seconds(at), ms, http_status, errcode, errmsg, verdict: verdict.map(|verdict| verdict.as_str()) }
    }
}

/// Shows a job with all its tries.
#[utoipa::path(
    get, path = "/api/admin/jobs/{id}", tag = "jobs", operation_id = "read_job",
    params(("id" = String, Path, description = "the job")),
    responses(
        (status = 200, description = "the job", body = Success<JobDetailBody>),
        (status = 404, description = "no such job", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ReadJobs>,
    ApiPath(id): ApiPath,
) -> Result<Envelope<JobDetailBody>, ApiError> {
    let (job, attempts) = find_job(state.app(), &id).await?;
    let attempt_count = job.job.attempts;
    let tries = attempts.into_iter().map(AttemptBody::from).collect();
    let job = JobBody { attempts: None, ..job.into() };
    Ok(Envelope::of(JobDetailBody { job, tries, attempt_count }))
}
