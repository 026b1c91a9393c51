//! `GET /api/admin/rules`: which rules there are, in the order they are asked.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use weiqiao_app::usecase::rule::list_rules;

use super::RuleBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ReadCallbacks;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListRulesRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// `-priority`, the one order there is.
    #[param(default = "-priority")]
    sort: Option<String>,
    /// Only those in force for this account: its own, and those for all accounts.
    account: Option<String>,
}

impl Input for ListRulesRequest {
    const NAME: &'static str = "ListRulesRequest";
    const FIELDS: &'static [Field] = &[
        Field::whole("page", "Page"),
        Field::whole("page_size", "PageSize"),
        Field::text("sort", "Sort"),
        Field::text("account", "Account"),
    ];
}

/// Lists rules in the order they are asked: the greatest priority first; among equals those of the file, then the oldest.
#[utoipa::path(
    get, path = "/api/admin/rules", tag = "rules", operation_id = "list_rules", params(ListRulesRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<RuleBody>>),
        (status = 400, description = "no such page or order", body = Failure),
        (status = 404, description = "no such account", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadCallbacks>,
    ApiQuery(request): ApiQuery<ListRulesRequest>,
) -> Result<Envelope<Page<RuleBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    paging::sort(request.sort.as_deref(), "-priority")?;
    let rules = list_rules(state.app(), allowed.caller(), request.account.as_deref()).await?;
    let (total, size) = (rules.len() as u64, page_size as usize);
    let items = rules.into_iter().skip((page as usize - 1).saturating_mul(size)).take(size);
    let items = items.map(RuleBody::of).collect::<Result<_, _>>()?;
    Ok(Envelope::of(Page { items, total, page, page_size }))
}
