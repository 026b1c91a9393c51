//! `GET /api/admin/actions`: what customers did, page by page.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::usecase::customer::{ActionFilter, ListedAction, list_actions};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ReadCustomers;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};
use crate::routes::admin::job::{millis, seconds};

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListActionsRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// `created_at`, with `-` in front for the newest first.
    #[param(default = "-created_at")]
    sort: Option<String>,
    /// Only for this advisor.
    advisor_id: Option<String>,
    /// Only of this type.
    action_type: Option<String>,
    /// Only those of this lead.
    lead_id: Option<String>,
    /// Only those of this time on, epoch seconds.
    since: Option<i64>,
    /// Only those before this time, epoch seconds.
    until: Option<i64>,
}

impl Input for ListActionsRequest {
    const NAME: &'static str = "ListActionsRequest";
    const FIELDS: &'static [Field] = &[
        Field::whole("page", "Page"),
        Field::whole("page_size", "PageSize"),
        Field::text("sort", "Sort").max(64),
        Field::text("advisor_id", "AdvisorId").max(128),
        Field::text("action_type", "ActionType").max(64),
        Field::text("lead_id", "LeadId").max(64),
        Field::whole("since", "Since"),
        Field::whole("until", "Until"),
    ];
}

/// An action.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListedActionBody {
    /// Our id of it.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// For which advisor.
    #[schema(example = "advisor-li")]
    advisor_id: String,
    /// What it was.
    #[schema(example = "view_resume")]
    action_type: String,
    /// The customer; nothing when they are to be forgotten, as in the next five.
    customer_id: Option<String>,
    /// What they are called, masked.
    customer_name: Option<String>,
    /// Their phone, masked.
    #[schema(example = "138****8000")]
    customer_phone: Option<String>,
    /// What belongs to it.
    #[schema(value_type = Option<Object>)]
    action_data: Option<Value>,
    /// Which résumé.
    resume_id: Option<String>,
    /// The address it came from.
    #[schema(example = "203.0.113.9")]
    seen_ip: Option<String>,
    /// The lead it belongs to.
    lead_id: Option<String>,
    /// Whether it made that lead.
    #[schema(example = true)]
    lead_created: bool,
    /// Whether the advisor was told.
    #[schema(example = true)]
    notified: bool,
    /// When, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

impl From<ListedAction> for ListedActionBody {
    fn from(action: ListedAction) -> Self {
        let forgotten = action.detail.is_none();
        let detail = action.detail.unwrap_or_default();
        Self {
            id: action.id,
            advisor_id: action.advisor_id,
            action_type: action.action_type,
            customer_id: (!forgotten).then_some(detail.customer_id),
            customer_name: detail.customer_name,
            customer_phone: detail.customer_phone,
            action_data: (!forgotten).then_some(detail.action_data),
            resume_id: detail.resume_id,
            seen_ip: detail.seen_ip,
            lead_id: action.lead_id,
            lead_created: action.lead_created,
            notified: action.notified,
            created_at: seconds(action.created_at),
            damaged: action.damaged.into_names(),
        }
    }
}

/// Lists actions. Names and phones are masked, in `action_data` the customer's name and whatever looks like a phone or an identity card.
#[utoipa::path(
    get, path = "/api/admin/actions", tag = "customers", operation_id = "list_actions", params(ListActionsRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<ListedActionBody>>),
        (status = 400, description = "no such page or order", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ReadCustomers>,
    ApiQuery(request): ApiQuery<ListActionsRequest>,
) -> Result<Envelope<Page<ListedActionBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    let ((), oldest_first) = paging::order(request.sort.as_deref(), &[("created_at", ())], ())?;
    let (since, until) = (request.since.map(millis), request.until.map(millis));
    let ListActionsRequest { advisor_id, action_type, lead_id, .. } = request;
    let filter = ActionFilter { advisor_id, action_type, lead_id, since, until, oldest_first, page, page_size };
    let (items, total) = list_actions(state.app(), filter).await?;
    Ok(Envelope::of(Page { items: items.into_iter().map(ListedActionBody::from).collect(), total, page, page_size }))
}
