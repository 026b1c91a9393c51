//! `GET /api/admin/advisors`: who is known.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::usecase::advisor::{ListedAdvisor, list_advisors};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ReadCustomers;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};
use crate::routes::admin::job::seconds;

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListAdvisorsRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
}

impl Input for ListAdvisorsRequest {
    const NAME: &'static str = "ListAdvisorsRequest";
    const FIELDS: &'static [Field] = &[Field::whole("page", "Page"), Field::whole("page_size", "PageSize")];
}

/// An advisor.
#[derive(Serialize, ToSchema)]
pub(crate) struct AdvisorBody {
    /// Your name for them.
    #[schema(example = "advisor-li")]
    advisor_id: String,
    /// The mini program.
    #[schema(example = "wx2222222222222222")]
    app_id: String,
    /// Whether it is settled who may subscribe for them.
    #[schema(example = true)]
    bound: bool,
    /// Who made them known: `staff` or `self`.
    #[schema(example = "staff")]
    source: String,
    /// When they became known, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
}

impl From<ListedAdvisor> for AdvisorBody {
    fn from(advisor: ListedAdvisor) -> Self {
        let ListedAdvisor { app_id, id, bound, source, created_at } = advisor;
        Self { advisor_id: id, app_id, bound, source, created_at: seconds(created_at) }
    }
}

/// Lists advisors, the newest first.
#[utoipa::path(
    get, path = "/api/admin/advisors", tag = "customers", operation_id = "list_advisors", params(ListAdvisorsRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<AdvisorBody>>),
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
    ApiQuery(request): ApiQuery<ListAdvisorsRequest>,
) -> Result<Envelope<Page<AdvisorBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    let (items, total) = list_advisors(state.app(), page, page_size).await?;
    Ok(Envelope::of(Page { items: items.into_iter().map(AdvisorBody::from).collect(), total, page, page_size }))
}
