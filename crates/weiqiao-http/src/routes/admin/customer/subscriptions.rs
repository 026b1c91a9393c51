//! `GET /api/admin/subscriptions`: who may be sent what, and how often still.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::usecase::advisor::{ListedSubscription, SubscriptionFilter, list_subscriptions};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ReadCustomers;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};
use crate::routes::admin::job::seconds;

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListSubscriptionsRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// `created_at`, with `-` in front for the newest first.
    #[param(default = "-created_at")]
    sort: Option<String>,
    /// Only this advisor's.
    advisor_id: Option<String>,
    /// Only messages of this template.
    template_id: Option<String>,
    /// `true`: only those that may be sent to; `false`: only the others.
    active: Option<String>,
}

impl Input for ListSubscriptionsRequest {
    const NAME: &'static str = "ListSubscriptionsRequest";
    const FIELDS: &'static [Field] = &[
        Field::whole("page", "Page"),
        Field::whole("page_size", "PageSize"),
        Field::text("sort", "Sort").max(64),
        Field::text("advisor_id", "AdvisorId").max(128),
        Field::text("template_id", "TemplateId").max(128),
        Field::text("active", "Active"),
    ];
}

/// A subscription. Times are epoch seconds.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListedSubscriptionBody {
    /// Our id of it.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// For which advisor.
    #[schema(example = "advisor-li")]
    advisor_id: String,
    /// Who receives the messages.
    #[schema(example = "oGZUI0egBJY1zhBYw2KhdUfwVJJE")]
    openid: Option<String>,
    /// Which messages.
    #[schema(example = "weiqiao-demo-customer-notification-template")]
    template_id: String,
    /// Whether they are wanted.
    #[schema(example = true)]
    subscribed: bool,
    /// Whether a message may be sent.
    #[schema(example = true)]
    active: bool,
    /// How many are left, as far as can be counted.
    #[schema(example = 1)]
    credits: i64,
    /// When they were last wanted.
    subscribed_at: Option<i64>,
    /// When they were last called off.
    unsubscribed_at: Option<i64>,
    /// When it was first heard of.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// When anything about it changed last.
    #[schema(example = 1_757_062_690_i64)]
    updated_at: i64,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

impl From<ListedSubscription> for ListedSubscriptionBody {
    fn from(one: ListedSubscription) -> Self {
        Self {
            id: one.id,
            advisor_id: one.advisor_id,
            openid: one.openid,
            template_id: one.template_id,
            subscribed: one.subscribed,
            active: one.active,
            credits: one.credits,
            subscribed_at: one.subscribed_at.map(seconds),
            unsubscribed_at: one.unsubscribed_at.map(seconds),
            created_at: seconds(one.created_at),
            updated_at: seconds(one.updated_at),
            damaged: one.damaged.into_names(),
        }
    }
}

/// Lists subscriptions, the newest first.
#[utoipa::path(
    get, path = "/api/admin/subscriptions", tag = "customers", operation_id = "list_subscriptions",
    params(ListSubscriptionsRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<ListedSubscriptionBody>>),
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
    ApiQuery(request): ApiQuery<ListSubscriptionsRequest>,
) -> Result<Envelope<Page<ListedSubscriptionBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    let ((), oldest_first) = paging::order(request.sort.as_deref(), &[("created_at", ())], ())?;
    let active = paging::switch("active", request.active.as_deref())?;
    let ListSubscriptionsRequest { advisor_id, template_id, .. } = request;
    let filter = SubscriptionFilter { advisor_id, template_id, active, oldest_first, page, page_size };
    let (items, total) = list_subscriptions(state.app(), filter).await?;
    let items = items.into_iter().map(ListedSubscriptionBody::from).collect();
    Ok(Envelope::of(Page { items, total, page, page_size }))
}
