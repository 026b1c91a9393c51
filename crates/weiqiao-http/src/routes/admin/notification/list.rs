//! `GET /api/admin/notifications`: page by page.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use weiqiao_app::usecase::customer::{NOTIFICATION_STATUSES, NotificationFilter, list_notifications};

use super::NotificationBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ReadCustomers;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};
use crate::routes::admin::job::{self, millis};

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListNotificationsRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// `created_at`, with `-` in front for the newest first.
    #[param(default = "-created_at")]
    sort: Option<String>,
    /// Only those that have come this far.
    status: Option<String>,
    /// Only this advisor's.
    advisor_id: Option<String>,
    /// Only what this action owes.
    action_id: Option<String>,
    /// Only those of this time on, epoch seconds.
    since: Option<i64>,
    /// Only those before this time, epoch seconds.
    until: Option<i64>,
}

impl Input for ListNotificationsRequest {
    const NAME: &'static str = "ListNotificationsRequest";
    const FIELDS: &'static [Field] = &[
        Field::whole("page", "Page"),
        Field::whole("page_size", "PageSize"),
        Field::text("sort", "Sort").max(64),
        Field::text("status", "Status").max(32),
        Field::text("advisor_id", "AdvisorId").max(128),
        Field::text("action_id", "ActionId").max(64),
        Field::whole("since", "Since"),
        Field::whole("until", "Until"),
    ];
}

/// Lists notifications.
#[utoipa::path(
    get, path = "/api/admin/notifications", tag = "customers", operation_id = "list_notifications",
    params(ListNotificationsRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<NotificationBody>>),
        (status = 400, description = "no such page, order or status", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ReadCustomers>,
    ApiQuery(request): ApiQuery<ListNotificationsRequest>,
) -> Result<Envelope<Page<NotificationBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    let ((), oldest_first) = paging::order(request.sort.as_deref(), &[("created_at", ())], ())?;
    let status = job::status_of(request.status.as_deref(), &NOTIFICATION_STATUSES)?;
    let (since, until) = (request.since.map(millis), request.until.map(millis));
    let ListNotificationsRequest { advisor_id, action_id, .. } = request;
    let filter = NotificationFilter { status, advisor_id, action_id, since, until, oldest_first, page, page_size };
    let (items, total) = list_notifications(state.app(), filter).await?;
    Ok(Envelope::of(Page { items: items.into_iter().map(NotificationBody::from).collect(), total, page, page_size }))
}
