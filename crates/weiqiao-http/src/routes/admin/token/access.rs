//! `GET /api/admin/accounts/{account}/token`: an access token that is good for five minutes at least.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::token::{TokenKind, read_token};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadTokens;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// A token of the account. One of the two answers of this API that hold one.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccessTokenBody {
    /// For calls to WeChat.
    #[schema(example = "68_aBcDeFg")]
    access_token: String,
    /// When WeChat stops accepting it, epoch seconds; five minutes away at least.
    #[schema(example = 1_757_069_890_i64)]
    expires_at: i64,
}

/// Reads the access token of an account. For API keys with the scope `token`, which has to be given by name.
#[utoipa::path(
    get, path = "/api/admin/accounts/{account}/token", tag = "token centre", operation_id = "read_access_token",
    params(("account" = String, Path, description = "the account's name", example = "official")),
    responses(
        (status = 200, description = "the token", body = Success<AccessTokenBody>),
        (status = 401, description = "no API key", body = Failure),
        (status = 403, description = "a key without the scope, or staff", body = Failure),
        (status = 404, description = "no such account", body = Failure),
        (status = 500, description = "WeChat refused", body = Failure),
    ),
    security(("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadTokens>,
    ApiPath(account): ApiPath,
) -> Result<Envelope<AccessTokenBody>, ApiError> {
    let token = read_token(state.app(), allowed.caller(), &account, TokenKind::Access).await?;
    Ok(Envelope::of(AccessTokenBody { access_token: token.value.expose().to_owned(), expires_at: token.expires_at }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;
    use weiqiao_model::{ApiScope, Role};

    use crate::testing::World;

    const PATH: &str = "/api/admin/accounts/official/token";

    #[tokio::test]
    async fn the_token_works_is_shared_and_is_renewed_in_time() {
        let world = World::strict().await;
        let read = || async { world.request("GET", PATH).api_key(World::API_KEY).send().await };
        let first = read().await;
        first.is(StatusCode::OK).success("success");
        assert!(first.data()["expires_at"].as_i64().unwrap() >= world.now_s() + 300);
        assert_eq!(read().await.data(), first.data());
        assert_eq!(world.wechat_calls("/cgi-bin/stable_token"), 1);
        world.advance(Duration::from_secs(7200 - 299));
        let next = read().await;
        assert!(next.is(StatusCode::OK).data()["expires_at"].as_i64().unwrap() >= world.now_s() + 300);
        assert_eq!(next.header("cache-control"), "no-store");
    }

    #[tokio::test]
    async fn only_a_key_with_that_scope_gets_it() {
        let world = World::open().await;
        let admin = world.api_key(&[ApiScope::Admin]).await;
        let refused = world.request("GET", PATH).api_key(&admin).send().await;
        refused.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING");
        let token = world.api_key(&[ApiScope::Token]).await;
        world.request("GET", PATH).api_key(&token).send().await.is(StatusCode::OK);
        world.request("GET", PATH).bearer(&token).send().await.is(StatusCode::OK);
        let staff = world.staff_token("boss", Role::Admin).await;
        world.request("GET", PATH).bearer(&staff).send().await.is(StatusCode::FORBIDDEN).code("FORBIDDEN");
        world.get(PATH).await.is(StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn an_unknown_account_and_a_refusal() {
        let world = World::open().await;
        let unknown = world.request("GET", "/api/admin/accounts/nobody/token").api_key(World::API_KEY).send().await;
        unknown.is(StatusCode::NOT_FOUND).code("ACCOUNT_UNKNOWN");
        world.wechat_refuses("/cgi-bin/stable_token", 40125, 3).await;
        let refused = world.request("GET", PATH).api_key(World::API_KEY).send().await;
        refused.is(StatusCode::INTERNAL_SERVER_ERROR).code("WECHAT_API_FAILED");
        assert_eq!(refused.error()["errcode"], 40125);
    }
}
