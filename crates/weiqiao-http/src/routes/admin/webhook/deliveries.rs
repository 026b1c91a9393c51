//! `GET /api/admin/webhooks/{id}/deliveries`: what went there, page by page.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use weiqiao_app::usecase::job::JobFilter;
use weiqiao_app::usecase::webhook::list_deliveries;

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ManageWebhooks;
use crate::engine::{Allowed, ApiError, ApiPath, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};
use crate::routes::admin::job::{JobBody, millis, status};

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListDeliveriesRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// `-created_at`, the one order there is.
    #[param(default = "-created_at")]
    sort: Option<String>,
    /// Only those that have come this far.
    status: Option<String>,
    /// Only those made from this time on, epoch seconds.
    since: Option<i64>,
    /// Only those made before this time, epoch seconds.
    until: Option<i64>,
}

impl Input for ListDeliveriesRequest {
    const NAME: &'static str = "ListDeliveriesRequest";
    const FIELDS: &'static [Field] = &[
        Field::whole("page", "Page"),
        Field::whole("page_size", "PageSize"),
        Field::text("sort", "Sort"),
        Field::text("status", "Status").max(32),
        Field::whole("since", "Since"),
        Field::whole("until", "Until"),
    ];
}

/// Lists deliveries, the newest first.
#[utoipa::path(
    get, path = "/api/admin/webhooks/{id}/deliveries", tag = "webhooks", operation_id = "list_webhook_deliveries",
    params(("id" = String, Path, description = "the webhook"), ListDeliveriesRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<JobBody>>),
        (status = 400, description = "no such page or status", body = Failure),
        (status = 404, description = "no such webhook", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ManageWebhooks>,
    ApiPath(id): ApiPath,
    ApiQuery(request): ApiQuery<ListDeliveriesRequest>,
) -> Result<Envelope<Page<JobBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    paging::sort(request.sort.as_deref(), "-created_at")?;
    let status = status(request.status.as_deref())?;
    let (since, until) = (request.since.map(millis), request.until.map(millis));
    let filter = JobFilter { status, since, until, page, page_size, ..JobFilter::default() };
    let found = list_deliveries(state.app(), &id, filter).await?;
    let items = found.items.into_iter().map(JobBody::from).collect();
    Ok(Envelope::of(Page { items, total: found.total, page, page_size }))
}
