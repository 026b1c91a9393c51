//! `GET /api/admin/followers`: who follows, and who left.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::usecase::follower::{FollowerRequest, ListedFollower, list_followers};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ReadCallbacks;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListFollowersRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// `-changed_at`, the one order there is.
    #[param(default = "-changed_at")]
    sort: Option<String>,
    /// Only this account.
    account: Option<String>,
    /// `true`: only those who follow; `false`: only those who left.
    subscribed: Option<String>,
    /// Only those who followed by a QR code of this scene.
    scene: Option<String>,
    /// Only this person; needs `account`.
    openid: Option<String>,
}

impl Input for ListFollowersRequest {
    const NAME: &'static str = "ListFollowersRequest";
    const FIELDS: &'static [Field] = &[
        Field::whole("page", "Page"),
        Field::whole("page_size", "PageSize"),
        Field::text("sort", "Sort"),
        Field::text("account", "Account"),
        Field::text("subscribed", "Subscribed"),
        Field::text("scene", "Scene").max(256),
        Field::text("openid", "Openid").max(128),
    ];
}

/// Somebody who follows or followed. Times are epoch seconds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FollowerBody {
    /// The account.
    #[schema(example = "official")]
    account: String,
    /// Who; nothing for staff who may not read what people write, and once they left.
    #[schema(example = "oABCD1234567890abcdefghijklmn")]
    openid: Option<String>,
    /// Whether they follow.
    #[schema(example = true)]
    subscribed: bool,
    /// The scene of the QR code they followed by.
    #[schema(example = "spring-fair")]
    scene: Option<String>,
    /// When they last followed.
    #[schema(example = 1_757_062_690_i64)]
    subscribed_at: Option<i64>,
    /// When they last left.
    unsubscribed_at: Option<i64>,
    /// When they were first heard of.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

impl From<ListedFollower> for FollowerBody {
    fn from(follower: ListedFollower) -> Self {
        let ListedFollower { account, openid, subscribed, scene, .. } = follower;
        let ListedFollower { subscribed_at, unsubscribed_at, created_at, damaged, .. } = follower;
        let damaged = damaged.into_names();
        Self { account, openid, subscribed, scene, subscribed_at, unsubscribed_at, created_at, damaged }
    }
}

/// Lists followers known from events, the latest change first. People who followed before this service was connected are
/// not among them.
#[utoipa::path(
    get, path = "/api/admin/followers", tag = "callbacks", operation_id = "list_followers", params(ListFollowersRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<FollowerBody>>),
        (status = 400, description = "no such page, or an openid without account", body = Failure),
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
    ApiQuery(request): ApiQuery<ListFollowersRequest>,
) -> Result<Envelope<Page<FollowerBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    paging::sort(request.sort.as_deref(), "-changed_at")?;
    let subscribed = paging::switch("subscribed", request.subscribed.as_deref())?;
    let ListFollowersRequest { account, scene, openid, .. } = request;
    let list = FollowerRequest { account, subscribed, scene, openid, page, page_size };
    let found = list_followers(state.app(), allowed.caller(), list).await?;
    let items = found.items.into_iter().map(FollowerBody::from).collect();
    Ok(Envelope::of(Page { items, total: found.total, page, page_size }))
}
