//! `GET /api/admin/leads`.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use weiqiao_app::usecase::lead::{LeadFilter, LeadList, LeadSort, list_leads};

use super::LeadBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ReadLeads;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};
use crate::routes::admin::job::millis;

/// By what leads may be ordered.
const COLUMNS: &[(&str, LeadSort)] = &[
    ("created_at", LeadSort::Created),
    ("updated_at", LeadSort::Updated),
    ("followed_at", LeadSort::Followed),
    ("next_follow_up_at", LeadSort::NextFollowUp),
    ("lead_level", LeadSort::Level),
    ("customer_id", LeadSort::Number),
];

/// What to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListLeadsRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// `created_at`, `updated_at`, `followed_at`, `next_follow_up_at`, `lead_level` or `customer_id`, with `-` in front for
    /// the greatest first.
    #[param(default = "-created_at")]
    sort: Option<String>,
    /// Only this advisor's.
    assigned_to: Option<String>,
    /// `true`: only those of the public pool.
    pool: Option<String>,
    /// Only of this level.
    level: Option<String>,
    /// Only those whose contract is so far.
    contract_status: Option<String>,
    /// Only those that come from here.
    source: Option<String>,
    /// Only those made from this time on, epoch seconds.
    since: Option<i64>,
    /// Only those made before this time, epoch seconds.
    until: Option<i64>,
    /// Only the one with this phone, whole.
    phone: Option<String>,
    /// Only the one with this number, `CUS…`.
    customer_id: Option<String>,
    /// Only those whose number begins so; `CUS` may be left out.
    q: Option<String>,
}

impl Input for ListLeadsRequest {
    const NAME: &'static str = "ListLeadsRequest";
    const FIELDS: &'static [Field] = &[
        Field::whole("page", "Page"),
        Field::whole("page_size", "PageSize"),
        Field::text("sort", "Sort").max(64),
        Field::text("assigned_to", "AssignedTo").max(128),
        Field::text("pool", "Pool").max(8),
        Field::text("level", "Level").max(32),
        Field::text("contract_status", "ContractStatus").max(32),
        Field::text("source", "Source").max(64),
        Field::whole("since", "Since"),
        Field::whole("until", "Until"),
        Field::text("phone", "Phone").max(32),
        Field::text("customer_id", "CustomerId").max(64),
        Field::text("q", "Q").max(64),
    ];
}

/// Lists leads. Names and phones are masked. Advisors see their own and those of the public pool.
#[utoipa::path(
    get, path = "/api/admin/leads", tag = "leads", operation_id = "list_leads", params(ListLeadsRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<LeadBody>>),
        (status = 400, description = "no such page or order", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right, or an advisor's account that no advisor belongs to (`NOT_AN_ADVISOR`)", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadLeads>,
    ApiQuery(request): ApiQuery<ListLeadsRequest>,
) -> Result<Envelope<Page<LeadBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    let (sort, ascending) = paging::order(request.sort.as_deref(), COLUMNS, LeadSort::Created)?;
    let filter = LeadFilter {
        pool: paging::switch("pool", request.pool.as_deref())?.unwrap_or(false),
        assigned_to: request.assigned_to,
        level: request.level,
        contract_status: request.contract_status,
        source: request.source,
        since: request.since.map(millis),
        until: request.until.map(millis),
        phone: request.phone,
        number: request.customer_id,
        q: request.q,
    };
    let list = LeadList { filter, sort, ascending, page, page_size };
    let (items, total) = list_leads(state.app(), allowed.caller(), list).await?;
    Ok(Envelope::of(Page { items: items.into_iter().map(LeadBody::from).collect(), total, page, page_size }))
}
