//! `GET /api/wechat/authorize-url`: where a page sends its visitor to log in.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::usecase::login::{Flow, StartLogin, start_web_login};

use super::{FRONT_PAGE, refuse_cut};
use crate::AppState;
use crate::engine::limit::Start;
use crate::engine::query::parse_query;
use crate::engine::visitor::{Visitor, bind};
use crate::engine::{ApiError, Envelope, Failure, Field, Input, Limited, Success};

/// How the login is to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuthorizeUrlRequest {
    /// The page WeChat returns to, with `code` and `state` in its query. Its host has to be in OAUTH_REDIRECT_HOSTS.
    #[param(example = "https://m.example.com/page?shop=7")]
    redirect_uri: Option<String>,
    /// `snsapi_userinfo` (default) asks for nickname and portrait, `snsapi_base` is silent.
    #[param(example = "snsapi_userinfo")]
    scope: Option<String>,
    /// Another official account than the default one.
    account: Option<String>,
}

impl Input for AuthorizeUrlRequest {
    const NAME: &'static str = "AuthorizeUrlRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("redirect_uri", "RedirectURI").max(4096),
        Field::text("scope", "Scope"),
        Field::text("account", "Account"),
    ];
}

/// Where to go.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthorizeUrl {
    /// WeChat's page.
    #[schema(
        example = "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1111111111111111&redirect_uri=https%3A%2F%2Fm.example.com%2Fpage&response_type=code&scope=snsapi_userinfo&state=Zk3VbD8sQ1xYw9LmT4pRj6HfNc2GaEo5#wechat_redirect"
    )]
    url: String,
    /// The state in it: 32 letters and digits, good once, for ten minutes, in this browser.
    #[schema(example = "Zk3VbD8sQ1xYw9LmT4pRj6HfNc2GaEo5")]
    state: String,
}

/// Begins a login that returns to the page itself.
#[utoipa::path(
    get, path = "/api/wechat/authorize-url", tag = "login", operation_id = "authorize_url", params(AuthorizeUrlRequest),
    responses(
        (status = 200, description = "where to go; a cookie binds the state to this browser", body = Success<AuthorizeUrl>),
        (status = 400, description = "the page's host is not allowed, its address was not encoded, or the scope is unknown", body = Failure),
        (status = 404, description = "no such official account", body = Failure),
        (status = 429, description = "too many logins begun", body = Failure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Start>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let query = query.unwrap_or_default();
    refuse_cut(&query, "redirect_uri")?;
    let request: AuthorizeUrlRequest = parse_query(&query)?;
    let start = StartLogin {
        account: request.account.as_deref(),
        target: Some(request.redirect_uri.as_deref().unwrap_or(FRONT_PAGE)),
        scope: request.scope.as_deref(),
        flow: Flow::Redirect,
        browser: &visitor.browser,
    };
    let started = start_web_login(state.app(), start).await?;
    let mut cookies = http::HeaderMap::new();
    bind(&state, &mut cookies, &started)?;
    Ok((cookies, Envelope::of(AuthorizeUrl { url: started.url, state: started.state })).into_response())
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use rstest::rstest;
    use url::Url;

    use crate::testing::{World, encode};

    fn parameter(url: &str, name: &str) -> String {
        let url: Url = url.parse().unwrap();
        url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
    }

    #[tokio::test]
    async fn the_address_is_wechats_and_the_state_is_bound() {
        let world = World::strict().await;
        let page = world.page("/page?shop=7&x=%E4%B8%AD#/route");
        let answer = world.get(&format!("/api/wechat/authorize-url?redirect_uri={}", encode(&page))).await;
        answer.is(StatusCode::OK).success("success");
        let (url, state) = (answer.data()["url"].as_str().unwrap(), answer.data()["state"].as_str().unwrap());
        assert!(state.len() == 32 && state.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{state}");
        assert!(url.starts_with(&format!("{}/connect/oauth2/authorize?appid=", world.emulator.url())), "{url}");
        assert!(url.ends_with("#wechat_redirect"), "{url}");
        assert_eq!(parameter(url, "redirect_uri"), page);
        assert_eq!(parameter(url, "scope"), "snsapi_userinfo");
        assert_eq!(parameter(url, "state"), state);

        let name = world.state.binding_cookie().to_owned();
        assert!(name.starts_with("__Host-wx-st-") && name.len() == 21, "{name}");
        let cookie = answer.cookie_line(&name).unwrap();
        assert!(cookie.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
        assert!(!cookie.contains(state));
    }

    #[tokio::test]
    async fn over_plain_http_the_cookie_has_another_name() {
        let world = World::open().await;
        let answer = world.get("/api/wechat/authorize-url?scope=snsapi_base").await;
        assert_eq!(parameter(answer.is(StatusCode::OK).data()["url"].as_str().unwrap(), "scope"), "snsapi_base");
        let cookie = answer.cookie_line(world.state.binding_cookie()).unwrap();
        assert!(cookie.starts_with("wx-st-") && cookie.ends_with("HttpOnly; SameSite=Lax"), "{cookie}");
    }

    #[rstest]
    #[case::host("https://evil.test/")]
    #[case::suffix("https://app.example.com.evil.test/")]
    #[case::user_info("https://app.example.com@evil.test/")]
    #[case::script("javascript:alert(1)")]
    #[case::slashes("//evil.test/")]
    #[case::backslash("/\\evil.test/")]
    #[case::plain("http://app.example.com/")]
    #[tokio::test]
    async fn pages_of_others_are_refused(#[case] page: &str) {
        let world = World::strict().await;
        let answer = world.get(&format!("/api/wechat/authorize-url?redirect_uri={}", encode(page))).await;
        answer.is(StatusCode::BAD_REQUEST).code("REDIRECT_NOT_ALLOWED");
        assert!(answer.headers().get("set-cookie").is_none());
    }

    #[tokio::test]
    async fn unknown_scopes_and_repeated_parameters_are_refused() {
        let world = World::open().await;
        let path = "/api/wechat/authorize-url";
        world.get(&format!("{path}?scope=snsapi_all")).await.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
        let twice = world.get(&format!("{path}?scope=snsapi_base&scope=snsapi_userinfo")).await;
        twice.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", "请求参数错误: scope 重复出现");
    }

    #[tokio::test]
    async fn no_header_has_a_say_in_the_address() {
        let world = World::strict().await;
        let call =
            world.request("GET", "/wechat/auth").header("host", "evil.test").header("x-forwarded-host", "evil.test");
        let location = call.header("x-forwarded-proto", "http").send().await.header("location").to_owned();
        assert!(
            parameter(&location, "redirect_uri").starts_with("https://app.example.com/wechat/callback"),
            "{location}"
        );
    }
}
