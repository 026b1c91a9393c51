//! `GET /wechat/auth?redirect_url=`: the full-page login. The browser goes to WeChat and comes back logged in.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;
use weiqiao_app::usecase::login::{Flow, StartLogin, start_web_login};

use super::{FRONT_PAGE, failed, refuse_cut, remember_page};
use crate::AppState;
use crate::engine::limit::Start;
use crate::engine::query::parse_query;
use crate::engine::visitor::{Visitor, bind};
use crate::engine::{ApiError, Failure, Field, Input, Limited, RequestContext};

/// How the login is to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StartRequest {
    /// The page to come back to, its own query parameters included. Its host has to be in OAUTH_REDIRECT_HOSTS.
    #[param(example = "https://m.example.com/page?shop=7")]
    redirect_url: Option<String>,
    /// `snsapi_userinfo` (default) asks for nickname and portrait, `snsapi_base` is silent.
    scope: Option<String>,
    /// Another official account than the default one.
    account: Option<String>,
}

impl Input for StartRequest {
    const NAME: &'static str = "StartRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("redirect_url", "RedirectURL").max(4096),
        Field::text("scope", "Scope"),
        Field::text("account", "Account"),
    ];
}

/// Sends the browser to WeChat; it comes back to `redirect_url` with `wechat_auth=success` or `denied`.
#[utoipa::path(
    get, path = "/wechat/auth", tag = "login", operation_id = "start_login", params(StartRequest),
    responses(
        (status = 302, description = "to WeChat's page; a cookie binds the state to this browser"),
        (status = 400, description = "the page's host is not allowed, or its address was not encoded: a page, or the envelope", body = Failure),
        (status = 404, description = "no such official account: a page, or the envelope", body = Failure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    context: RequestContext,
    limited: Result<Limited<Start>, ApiError>,
    visitor: Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let begun = match limited {
        Ok(_) => begin(&state, &visitor, query.as_deref().unwrap_or_default()).await,
        Err(error) => Err(error),
    };
    begun.unwrap_or_else(|error| failed(&state, &context, &headers, error))
}

async fn begin(state: &AppState, visitor: &Visitor, query: &str) -> Result<Response, ApiError> {
    refuse_cut(query, "redirect_url")?;
    let request: StartRequest = parse_query(query)?;
    let target = request.redirect_url.as_deref().unwrap_or(FRONT_PAGE);
    let start = StartLogin {
        account: request.account.as_deref(),
        target: Some(target),
        scope: request.scope.as_deref(),
        flow: Flow::Page,
        browser: &visitor.browser,
    };
    let started = start_web_login(state.app(), start).await?;
    let mut headers = HeaderMap::new();
    headers.insert(LOCATION, HeaderValue::from_str(&started.url).map_err(ApiError::internal)?);
    bind(state, &mut headers, &started)?;
    remember_page(state, &mut headers, Some(target))?;
    Ok((StatusCode::FOUND, headers).into_response())
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use rstest::rstest;

    use crate::testing::{World, encode};

    #[tokio::test]
    async fn a_page_of_others_gets_a_page_or_the_envelope() {
        let world = World::strict().await;
        let path = format!("/wechat/auth?redirect_url={}", encode("https://evil.test/\"><script>"));
        let page = world.browser().open(&path).await;
        page.is(StatusCode::BAD_REQUEST);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
        assert!(page.text().contains("登录没有完成") && !page.text().contains("evil.test"), "{}", page.text());
        world.browser().get(&path).await.is(StatusCode::BAD_REQUEST).code("REDIRECT_NOT_ALLOWED");
    }

    /// Whoever were sent to the callback after a login would end on a page that says it failed.
    #[rstest]
    #[case("/wechat/callback")]
    #[case("/wechat/auth?redirect_url=%2F")]
    #[case("https://app.example.com/auths/loginTypes/MyWechatLogin/callback")]
    #[tokio::test]
    async fn a_login_cannot_end_where_logins_begin_and_end(#[case] target: &str) {
        let (world, target) = (World::strict().await, encode(target));
        for begin in ["/wechat/auth?redirect_url=", "/api/wechat/authorize-url?redirect_uri="] {
            let answer = world.browser().get(&format!("{begin}{target}")).await;
            answer.is(StatusCode::BAD_REQUEST).code("REDIRECT_NOT_ALLOWED");
            assert!(answer.error()["hint"].as_str().unwrap().contains("登录之后要打开的页面"), "{answer:?}");
        }
        for agent in ["MicroMessenger/8.0.50", "Mozilla/5.0"] {
            let path = format!("/auths/loginTypes/MyWechatLogin/login?redirectUrl={target}");
            let answer = world.request("GET", &path).header("user-agent", agent).send().await;
            assert!(answer.is(StatusCode::BAD_REQUEST).json()["error"].is_string(), "{answer:?}");
        }
    }

    #[rstest]
    #[case("redirect_url=https://app.example.com/p?x=1&y=2")]
    #[case("redirect_url=/p?x=1&y=2&scope=snsapi_base")]
    #[case("redirect_url=https://app.example.com/p?x=1&account=official")]
    #[case("redirect_url=https://app.example.com/p?x=1&scope=mine")]
    #[case("redirect_url=https://app.example.com/p?x=1&redirect_url=2")]
    #[case("scope=snsapi_base&redirect_url=https%3A%2F%2Fapp.example.com%2Fp?x=1&y")]
    #[tokio::test]
    async fn an_address_that_lost_its_end_is_refused(#[case] query: &str) {
        let world = World::strict().await;
        let answer = world.browser().get(&format!("/wechat/auth?{query}")).await;
        answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
        assert!(answer.message().contains("encodeURIComponent"), "{}", answer.message());
        assert_eq!(answer.error()["details"][0]["field"], "redirect_url");
        let page = world.browser().open(&format!("/wechat/auth?{query}")).await;
        assert!(page.is(StatusCode::BAD_REQUEST).text().contains("登录链接不正确"), "{}", page.text());
        assert!(!page.text().contains("encodeURIComponent"), "whoever reads this did not write it: {}", page.text());
        let page = World::open().await.browser().open(&format!("/wechat/auth?{query}")).await;
        assert!(page.is(StatusCode::BAD_REQUEST).text().contains("没有编码"), "{}", page.text());
        let query = query.replace("redirect_url", "redirect_uri");
        let answer = world.get(&format!("/api/wechat/authorize-url?{query}")).await;
        answer.is(StatusCode::BAD_REQUEST);
        assert!(answer.message().contains("redirect_uri 没有编码"), "{}", answer.message());
    }

    #[rstest]
    #[case("redirect_url=https%3A%2F%2Fapp.example.com%2Fp%3Fx%3D1%26y%3D2&utm=1", "/p?x=1&y=2")]
    #[case("redirect_url=https://app.example.com/p&scope=snsapi_base&account=official", "/p")]
    #[case("redirect_url=https://app.example.com/p?x=1&scope=snsapi_base", "/p?x=1")]
    #[case("account=official&redirect_url=https://app.example.com/p?x=1", "/p?x=1")]
    #[tokio::test]
    async fn an_address_that_is_whole_is_taken(#[case] query: &str, #[case] page: &str) {
        let world = World::strict().await;
        let person = world.browser();
        let answer = person.open(&format!("/wechat/auth?{query}")).await;
        let location: url::Url = answer.is(StatusCode::FOUND).header("location").parse().unwrap();
        let state = location.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
        let account = if query.contains("account") { "&account=official" } else { "" };
        let back = person.open(&format!("/wechat/callback?state={state}{account}")).await;
        let separator = if page.contains('?') { '&' } else { '?' };
        let expected = format!("{}{separator}wechat_auth=denied", world.page(page));
        assert_eq!(back.is(StatusCode::FOUND).header("location"), expected);
    }

    #[tokio::test]
    async fn the_browser_goes_to_wechat_with_a_cookie() {
        let world = World::strict().await;
        let answer =
            world.browser().open(&format!("/wechat/auth?redirect_url={}", encode(&world.page("/a?b=1")))).await;
        answer.is(StatusCode::FOUND);
        assert!(answer.header("location").starts_with(world.emulator.url()));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.cookie_line(world.state.binding_cookie()).is_some());
    }
}
