//! `GET /api/admin/api-keys`: which keys were ever handed out.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::usecase::api_key::{ListedApiKey, list_api_keys};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ManageKeys;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListApiKeysRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
}

impl Input for ListApiKeysRequest {
    const NAME: &'static str = "ListApiKeysRequest";
    const FIELDS: &'static [Field] = &[Field::whole("page", "Page"), Field::whole("page_size", "PageSize")];
}

/// A key. Nothing in it opens anything.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeyBody {
    /// Our id of it.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// What people call it.
    #[schema(example = "会员系统")]
    name: String,
    /// How it begins.
    #[schema(example = "wxk_live_aB3dE5fG7hI9")]
    prefix: String,
    /// What it may do.
    #[schema(example = json!(["user:read"]))]
    scopes: Vec<&'static str>,
    /// When it was made, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// When it ends by itself, epoch seconds.
    expires_at: Option<i64>,
    /// When it was revoked, epoch seconds.
    revoked_at: Option<i64>,
    /// When it was last used, epoch seconds, to the minute.
    last_used_at: Option<i64>,
    /// Whether it works now.
    #[schema(example = true)]
    active: bool,
}

impl From<ListedApiKey> for ApiKeyBody {
    fn from(key: ListedApiKey) -> Self {
        let ListedApiKey { id, name, prefix, scopes, created_at, expires_at, revoked_at, last_used_at, active } = key;
        let scopes = scopes.into_iter().map(|scope| scope.as_str()).collect();
        Self { id, name, prefix, scopes, created_at, expires_at, revoked_at, last_used_at, active }
    }
}

/// Lists API keys, the newest first, ended ones too.
#[utoipa::path(
    get, path = "/api/admin/api-keys", tag = "api keys", operation_id = "list_api_keys", params(ListApiKeysRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<ApiKeyBody>>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ManageKeys>,
    ApiQuery(request): ApiQuery<ListApiKeysRequest>,
) -> Result<Envelope<Page<ApiKeyBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    // Keys are few and made by hand, so all of them are read to be counted.
    let mut keys: Vec<ListedApiKey> = Vec::new();
    loop {
        let offset = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        let more = list_api_keys(state.app(), offset, 200).await?;
        let full = more.len() == 200;
        keys.extend(more);
        if !full {
            break;
        }
    }
    let (total, skip) = (keys.len() as u64, (page - 1) as usize * page_size as usize);
    let items = keys.into_iter().skip(skip).take(page_size as usize).map(ApiKeyBody::from).collect();
    Ok(Envelope::of(Page { items, total, page, page_size }))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use weiqiao_model::ApiScope;

    use crate::testing::World;

    const PATH: &str = "/api/admin/api-keys";

    #[tokio::test]
    async fn keys_are_listed_without_what_opens() {
        let world = World::strict().await;
        let keys = [world.api_key(&[ApiScope::Token]).await, world.api_key(&[ApiScope::UserRead]).await];
        let answer = world.request("GET", &format!("{PATH}?page=2&page_size=1")).api_key(World::API_KEY).send().await;
        let page = answer.is(StatusCode::OK).data();
        assert_eq!((&page["total"], &page["page"], &page["page_size"]), (&2.into(), &2.into(), &1.into()));
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
        let all = world.request("GET", PATH).api_key(World::API_KEY).send().await;
        for key in &keys {
            assert!(!all.text().contains(key.as_str()));
            assert!(all.text().contains(key.get(..21).unwrap()));
        }
        let wrong = world.request("GET", &format!("{PATH}?page_size=0")).api_key(World::API_KEY).send().await;
        wrong.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", "请求参数错误: page_size 必须在 1 到 200 之间");
    }
}
