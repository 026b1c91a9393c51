//! `GET /api/admin/leads`: the newest first.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::usecase::customer::{LeadFilter, ListedLead, list_leads};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadCustomers;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};
use crate::routes::admin::job::seconds;
use crate::routes::admin::paging;

/// What to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListLeadsRequest {
    /// Which page, from 1.
    #[param(minimum = 1, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// Only this advisor's.
    assigned_to: Option<String>,
    /// Only of this level.
    level: Option<String>,
    /// Only those whose contract is so far.
    contract_status: Option<String>,
    /// Only the one with this phone, whole.
    phone: Option<String>,
    /// Only the one with this number, `CUS…`.
    customer_id: Option<String>,
}

impl Input for ListLeadsRequest {
    const NAME: &'static str = "ListLeadsRequest";
    const FIELDS: &'static [Field] = &[
        Field::whole("page", "Page"),
        Field::whole("page_size", "PageSize"),
        Field::text("assigned_to", "AssignedTo").max(128),
        Field::text("level", "Level").max(32),
        Field::text("contract_status", "ContractStatus").max(32),
        Field::text("phone", "Phone").max(32),
        Field::text("customer_id", "CustomerId").max(64),
    ];
}

/// A lead. Times are epoch seconds.
#[derive(Serialize, ToSchema)]
pub(crate) struct LeadBody {
    /// Our id of it.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// `CUS` and digits.
    #[schema(example = "CUS17570626904711")]
    customer_id: String,
    /// The name.
    #[schema(example = "微信客户8000")]
    name: String,
    /// The phone, masked.
    #[schema(example = "138****8000")]
    phone: String,
    /// Where it comes from.
    #[schema(example = "其他")]
    lead_source: String,
    /// How far the contract is.
    #[schema(example = "待定")]
    contract_status: String,
    /// How promising it is.
    #[schema(example = "B类")]
    lead_level: String,
    /// How it came about.
    #[schema(example = "通过微信小程序查看简历自动创建")]
    remarks: String,
    /// The advisor who made it.
    #[schema(example = "advisor-li")]
    created_by: String,
    /// Whose it is.
    #[schema(example = "advisor-li")]
    assigned_to: Option<String>,
    /// When it was made.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// When anything about it changed last.
    #[schema(example = 1_757_062_690_i64)]
    updated_at: i64,
}

impl From<ListedLead> for LeadBody {
    fn from(lead: ListedLead) -> Self {
        Self {
            id: lead.id,
            customer_id: lead.number,
            name: lead.name,
            phone: lead.phone,
            lead_source: lead.source,
            contract_status: lead.contract_status,
            lead_level: lead.level,
            remarks: lead.remarks,
            created_by: lead.created_by,
            assigned_to: lead.assigned_to,
            created_at: seconds(lead.created_at),
            updated_at: seconds(lead.updated_at),
        }
    }
}

/// Lists leads. Phones are masked.
#[utoipa::path(
    get, path = "/api/admin/leads", tag = "customers", operation_id = "list_leads", params(ListLeadsRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<LeadBody>>),
        (status = 400, description = "no such page", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ReadCustomers>,
    ApiQuery(request): ApiQuery<ListLeadsRequest>,
) -> Result<Envelope<Page<LeadBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    let ListLeadsRequest { assigned_to, level, contract_status, phone, customer_id: number, .. } = request;
    let filter = LeadFilter { assigned_to, level, contract_status, phone, number, page, page_size };
    let (items, total) = list_leads(state.app(), filter).await?;
    Ok(Envelope::of(Page { items: items.into_iter().map(LeadBody::from).collect(), total, page, page_size }))
}
