//! `GET /api/admin/webhooks`: where events go.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use weiqiao_app::usecase::webhook::list_endpoints;

use super::WebhookBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ManageWebhooks;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListWebhooksRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// `created_at`, the one order there is.
    #[param(default = "created_at")]
    sort: Option<String>,
}

impl Input for ListWebhooksRequest {
    const NAME: &'static str = "ListWebhooksRequest";
    const FIELDS: &'static [Field] =
        &[Field::whole("page", "Page"), Field::whole("page_size", "PageSize"), Field::text("sort", "Sort")];
}

/// Lists webhooks, the oldest first.
#[utoipa::path(
    get, path = "/api/admin/webhooks", tag = "webhooks", operation_id = "list_webhooks", params(ListWebhooksRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<WebhookBody>>),
        (status = 400, description = "no such page or order", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ManageWebhooks>,
    ApiQuery(request): ApiQuery<ListWebhooksRequest>,
) -> Result<Envelope<Page<WebhookBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    paging::sort(request.sort.as_deref(), "created_at")?;
    // At most a hundred, so all of them are read to be counted.
    let endpoints = list_endpoints(state.app()).await?;
    let (total, size) = (endpoints.len() as u64, page_size as usize);
    let items = endpoints.into_iter().skip((page as usize - 1).saturating_mul(size)).take(size);
    Ok(Envelope::of(Page { items: items.map(WebhookBody::from).collect(), total, page, page_size }))
}
