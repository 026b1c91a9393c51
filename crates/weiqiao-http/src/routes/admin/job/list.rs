//! `GET /api/admin/jobs`: what is done later, page by page.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use weiqiao_app::usecase::job::{JobFilter, list_jobs};

use super::{JobBody, millis, status};
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ReadJobs;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListJobsRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// `-created_at`, the one order there is.
    #[param(default = "-created_at")]
    sort: Option<String>,
    /// Only this kind of work, such as `customer_message`.
    kind: Option<String>,
    /// Only this account's, by name or appid, or this webhook's.
    account: Option<String>,
    /// Only those that have come this far.
    status: Option<String>,
    /// Only what this made necessary, such as `inbox:<id>`; the other filters do not count then.
    origin: Option<String>,
    /// Only those made from this time on, epoch seconds.
    since: Option<i64>,
    /// Only those made before this time, epoch seconds.
    until: Option<i64>,
}

impl Input for ListJobsRequest {
    const NAME: &'static str = "ListJobsRequest";
    const FIELDS: &'static [Field] = &[
        Field::whole("page", "Page"),
        Field::whole("page_size", "PageSize"),
        Field::text("sort", "Sort"),
        Field::text("kind", "Kind").max(100),
        Field::text("account", "Account").max(128),
        Field::text("status", "Status").max(32),
        Field::text("origin", "Origin").max(128),
        Field::whole("since", "Since"),
        Field::whole("until", "Until"),
    ];
}

/// Lists jobs, the newest first.
#[utoipa::path(
    get, path = "/api/admin/jobs", tag = "jobs", operation_id = "list_jobs", params(ListJobsRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<JobBody>>),
        (status = 400, description = "no such page, kind or status; the known ones are named", body = Failure),
        (status = 404, description = "no such account", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ReadJobs>,
    ApiQuery(request): ApiQuery<ListJobsRequest>,
) -> Result<Envelope<Page<JobBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    paging::sort(request.sort.as_deref(), "-created_at")?;
    let status = status(request.status.as_deref())?;
    let ListJobsRequest { kind, account, origin, since, until, .. } = request;
    let (since, until) = (since.map(millis), until.map(millis));
    let filter = JobFilter { origin, kind, account, status, since, until, page, page_size };
    let found = list_jobs(state.app(), filter).await?;
    let items = found.items.into_iter().map(JobBody::from).collect();
    Ok(Envelope::of(Page { items, total: found.total, page, page_size }))
}
