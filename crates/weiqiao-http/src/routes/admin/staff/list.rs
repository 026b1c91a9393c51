//! `GET /api/admin/staff`: who works here.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use weiqiao_app::usecase::staff::{StaffFilter, list_staff};

use super::{ListedStaffBody, role};
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ManageStaff;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListStaffRequest {
    /// Only of this role.
    role: Option<String>,
    /// Only those who may not log in any more (`true`), or may (`false`).
    disabled: Option<String>,
    /// Only the one of this user name.
    username: Option<String>,
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// Only `username`.
    sort: Option<String>,
}

impl Input for ListStaffRequest {
    const NAME: &'static str = "ListStaffRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("role", "Role").max(32),
        Field::text("disabled", "Disabled").max(8),
        Field::text("username", "Username").max(256),
        Field::whole("page", "Page"),
        Field::whole("page_size", "PageSize"),
        Field::text("sort", "Sort").max(16),
    ];
}

/// Lists staff by user name, also those who may not log in any more.
#[utoipa::path(
    get, path = "/api/admin/staff", tag = "staff", operation_id = "list_staff", params(ListStaffRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<ListedStaffBody>>),
        (status = 400, description = "no such page, size, order or role", body = Failure),
        (status = 401, description = "no staff session", body = Failure),
        (status = 403, description = "no admin", body = Failure),
    ),
    security(("staff" = []), ("console" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ManageStaff>,
    ApiQuery(request): ApiQuery<ListStaffRequest>,
) -> Result<Envelope<Page<ListedStaffBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    paging::sort(request.sort.as_deref(), "username")?;
    let filter = StaffFilter {
        role: request.role.as_deref().map(role).transpose()?,
        disabled: paging::switch("disabled", request.disabled.as_deref())?,
        username: request.username,
        page,
        page_size,
    };
    let found = list_staff(state.app(), filter).await?;
    let items = found.items.into_iter().map(ListedStaffBody::from).collect();
    Ok(Envelope::of(Page { items, total: found.total, page, page_size }))
}
