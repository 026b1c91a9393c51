//! `GET /api/users`: everybody who ever logged in, page by page.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::usecase::user::{ListedUser, UserListRequest, UserSort, list_users};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadUsers;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success, paging};

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListUsersRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// `login_time` or `created_at`, with `-` in front for the latest first.
    #[param(default = "-login_time")]
    sort: Option<String>,
    /// Only people of this account.
    account: Option<String>,
    /// Only people with this openid or unionid, or with this in their nickname.
    search: Option<String>,
}

impl Input for ListUsersRequest {
    const NAME: &'static str = "ListUsersRequest";
    const FIELDS: &'static [Field] = &[
        Field::whole("page", "Page"),
        Field::whole("page_size", "PageSize"),
        Field::text("sort", "Sort"),
        Field::text("account", "Account"),
        Field::text("search", "Search").max(256),
    ];
}

/// One person. What of the profile cannot be read is `null`, and named in `damaged`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedUserBody {
    /// Our id of the person.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    user_id: String,
    /// The account they log in through.
    #[schema(example = "official")]
    account: String,
    /// Who it is to that account.
    #[schema(example = "oLVPpjqs9BhvzwPj5A-vTYAX3GLc")]
    openid: Option<String>,
    /// Display only; any Unicode, no control characters. Empty after a `snsapi_base` login.
    #[schema(example = "小明")]
    nickname: Option<String>,
    /// Address of the portrait; empty when there is none.
    #[schema(example = "https://thirdwx.qlogo.cn/mmopen/vi_32/abc/132")]
    headimgurl: Option<String>,
    /// 0 unknown, 1 male, 2 female.
    #[schema(example = 0)]
    sex: Option<i64>,
    /// Language of their WeChat.
    #[schema(example = "zh_CN")]
    language: Option<String>,
    /// Country.
    #[schema(example = "")]
    country: Option<String>,
    /// Province.
    #[schema(example = "")]
    province: Option<String>,
    /// City.
    #[schema(example = "")]
    city: Option<String>,
    /// Privileges such as `chinaunicom`.
    privilege: Option<Vec<String>>,
    /// Who it is to the open-platform group, when WeChat said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    unionid: Option<String>,
    /// When they last logged in, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    login_time: i64,
    /// Until when that login counts as fresh, epoch seconds.
    #[schema(example = 1_757_149_090_i64)]
    expires_at: i64,
    /// The first login, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// Whether the last login is older than `AUTHORIZATION_TTL`.
    #[schema(example = false)]
    need_auth: bool,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

impl From<ListedUser> for ListedUserBody {
    fn from(user: ListedUser) -> Self {
        Self {
            user_id: user.user_id,
            account: user.account,
            openid: user.openid,
            nickname: user.nickname,
            headimgurl: user.headimgurl,
            sex: user.sex,
            language: user.language,
            country: user.country,
            province: user.province,
            city: user.city,
            privilege: user.privilege,
            unionid: user.unionid,
            login_time: user.login_time,
            expires_at: user.expires_at,
            created_at: user.created_at,
            need_auth: user.need_auth,
            damaged: user.damaged.into_names(),
        }
    }
}

/// Lists people. For staff only.
#[utoipa::path(
    get, path = "/api/users", tag = "staff", operation_id = "list_users", params(ListUsersRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<ListedUserBody>>),
        (status = 400, description = "no such page, size or order", body = Failure),
        (status = 401, description = "no staff token", body = Failure),
        (status = 403, description = "an API key, a person's session, or a role without the right", body = Failure),
        (status = 404, description = "no such account", body = Failure),
    ),
    security(("staff" = [])),
)]
pub(crate) async fn handler(
    state: State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadUsers>,
    request: ApiQuery<ListUsersRequest>,
) -> Result<Envelope<Page<ListedUserBody>>, ApiError> {
    list(state, &allowed, request).await
}

/// Lists people, as `GET /api/users` does. For staff only.
#[utoipa::path(
    get, path = "/api/admin/users", tag = "staff", operation_id = "list_users_for_console", params(ListUsersRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<ListedUserBody>>),
        (status = 400, description = "no such page, size, order or parameter", body = Failure),
        (status = 401, description = "no staff token", body = Failure),
        (status = 403, description = "an API key, a person's session, or a role without the right", body = Failure),
        (status = 404, description = "no such account", body = Failure),
    ),
    security(("staff" = [])),
)]
pub(crate) async fn for_console(
    state: State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadUsers>,
    request: ApiQuery<ListUsersRequest>,
) -> Result<Envelope<Page<ListedUserBody>>, ApiError> {
    list(state, &allowed, request).await
}

async fn list(
    State(state): State<AppState>,
    allowed: &Allowed<ReadUsers>,
    ApiQuery(request): ApiQuery<ListUsersRequest>,
) -> Result<Envelope<Page<ListedUserBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    let sort = sort(request.sort.as_deref())?;
    let list = UserListRequest { account: request.account, search: request.search, sort, page, page_size };
    let found = list_users(state.app(), allowed.caller(), list).await?;
    let items = found.items.into_iter().map(ListedUserBody::from).collect();
    Ok(Envelope::of(Page { items, total: found.total, page: found.page, page_size: found.page_size }))
}

fn sort(word: Option<&str>) -> Result<UserSort, ApiError> {
    type By = fn(bool) -> UserSort;
    let login: By = |up| if up { UserSort::LoginAscending } else { UserSort::LoginDescending };
    let created: By = |up| if up { UserSort::CreatedAscending } else { UserSort::CreatedDescending };
    let (by, ascending) = paging::order(word, &[("login_time", login), ("created_at", created)], login)?;
    Ok(by(ascending))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use rstest::rstest;
    use weiqiao_model::{ApiScope, Role};

    use crate::testing::World;

    #[tokio::test]
    async fn staff_see_everybody_and_nobody_else_anybody() {
        let world = World::strict().await;
        let person = world.browser().log_in("xiaoming").await;
        world.browser().log_in("xiaohong").await;
        for role in Role::ALL {
            let staff = world.staff_token(role.as_str(), role).await;
            let answer = world.request("GET", "/api/users").bearer(&staff).send().await;
            assert_eq!(answer.is(StatusCode::OK).data()["total"], 2);
        }
        let staff = world.staff_token("reader", Role::Viewer).await;
        let answer = world.request("GET", "/api/users?page_size=1&sort=login_time").bearer(&staff).send().await;
        let console = world.request("GET", "/api/admin/users?page_size=1&sort=login_time").bearer(&staff).send().await;
        assert_eq!(console.is(StatusCode::OK).data(), answer.is(StatusCode::OK).data(), "one list at both addresses");
        let page = answer.data();
        assert_eq!((&page["page"], &page["page_size"]), (&1.into(), &1.into()));
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
        assert!(page["items"][0]["user_id"].is_string() && page["items"][0]["nickname"].is_string());

        for key in [World::API_KEY.to_owned(), world.api_key(&[ApiScope::UserRead, ApiScope::Admin]).await] {
            let answer = world.request("GET", "/api/users?page=0").api_key(&key).send().await;
            answer.is(StatusCode::FORBIDDEN).code("FORBIDDEN");
        }
        world.get("/api/users").await.is(StatusCode::UNAUTHORIZED);
        world.request("GET", "/api/users").bearer(&person).send().await.is(StatusCode::FORBIDDEN).code("FORBIDDEN");
        let open = World::open().await;
        open.get("/api/users").await.is(StatusCode::UNAUTHORIZED);
    }

    #[rstest]
    #[case("page=0", "page 必须在 1 到 1000000 之间")]
    #[case("page=-1", "page 必须在 1 到 1000000 之间")]
    #[case("page=1000001", "page 必须在 1 到 1000000 之间")]
    #[case("page=x", "page 必须是整数")]
    #[case("page_size=201", "page_size 必须在 1 到 200 之间")]
    #[case("sort=nickname", "sort 只能是 login_time、-login_time、created_at、-created_at")]
    #[case("sort=login_time;DROP", "sort 只能是 login_time、-login_time、created_at、-created_at")]
    #[case("page=1&page=2", "page 重复出现")]
    #[case("nickname=x", "没有参数 nickname；可以使用 page、page_size、sort、account、search")]
    #[tokio::test]
    async fn what_is_no_page_is_refused(#[case] query: &str, #[case] text: &str) {
        let world = World::open().await;
        let staff = world.staff_token("reader", Role::Viewer).await;
        let answer = world.request("GET", &format!("/api/users?{query}")).bearer(&staff).send().await;
        answer.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", &format!("请求参数错误: {text}"));
    }

    #[tokio::test]
    async fn a_search_is_text() {
        let world = World::open().await;
        world.browser().log_in("xiaoming").await;
        let staff = world.staff_token("reader", Role::Viewer).await;
        for (search, found) in [("%E5%B0%8F%E6%98%8E", 1), ("%25", 0), ("'%20OR%201=1--", 0), ("_", 0)] {
            let path = format!("/api/users?search={search}");
            let answer = world.request("GET", &path).bearer(&staff).send().await;
            assert_eq!(answer.is(StatusCode::OK).data()["total"], found, "{search}");
        }
    }
}
