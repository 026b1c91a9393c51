//! `GET /auths/loginTypes/{name}/callback`: WeChat sends the browser back; it goes on to its page, logged in.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;
use weiqiao_app::usecase::login::{WebLoginEnd, WechatReturn};
use weiqiao_app::usecase::login_instance::complete_instance_login;

use super::failed;
use crate::AppState;
use crate::engine::bare::{BareError, BareFailure};
use crate::engine::limit::Start;
use crate::engine::query::parse_query;
use crate::engine::visitor::{Visitor, remember};
use crate::engine::{ApiError, ApiPath, Field, Input, Limited, RequestContext};

/// What WeChat sent back.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct InstanceCallback {
    /// The code; missing when the person declined.
    code: Option<String>,
    /// The state of the login.
    state: Option<String>,
}

impl Input for InstanceCallback {
    const NAME: &'static str = "InstanceCallback";
    const FIELDS: &'static [Field] = &[Field::text("code", "Code").max(512), Field::text("state", "State").max(1024)];
}

/// Completes the login of an instance. WeChat's browser is known to come twice; both visits end alike.
#[utoipa::path(
    get, path = "/auths/loginTypes/{name}/callback", tag = "login instances", operation_id = "instance_callback",
    params(("name" = String, Path, description = "the instance", example = "MyWechatLogin"), InstanceCallback),
    responses(
        (status = 302, description = "to the page, with wechat_auth=success and the session cookie, or wechat_auth=denied"),
        (status = 400, description = "a wrong state", body = BareFailure,
         example = json!({ "error": "Invalid state parameter", "errcode": null })),
        (status = 404, description = "no such instance", body = BareFailure),
        (status = 500, description = "WeChat refused the code", body = BareFailure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    context: RequestContext,
    limited: Result<Limited<Start>, ApiError>,
    name: Result<ApiPath, ApiError>,
    visitor: Result<Visitor, ApiError>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let name = name.map(|ApiPath(name)| name);
    let completed = match (limited.and(visitor), &name) {
        (Ok(visitor), Ok(name)) => complete(&state, name, &visitor, query.as_deref().unwrap_or_default()).await,
        (Err(error), _) => Err(error.into()),
        (_, Err(_)) => Err(ApiError::no_such_path().into()),
    };
    completed.unwrap_or_else(|error| {
        let known = name.ok().filter(|name| state.app().instances().named(name).is_ok());
        let again = known.map(|name| format!("/auths/loginTypes/{name}/login"));
        failed(&state, &context, &headers, error, again)
    })
}

async fn complete(state: &AppState, name: &str, visitor: &Visitor, query: &str) -> Result<Response, BareError> {
    let request: InstanceCallback = parse_query(query)?;
    let back = WechatReturn {
        account: None,
        code: request.code.as_deref(),
        state: request.state.as_deref(),
        browser: &visitor.browser,
        user_agent: visitor.user_agent.as_deref(),
    };
    let mut headers = HeaderMap::new();
    let redirect = match complete_instance_login(state.app(), name, back).await? {
        WebLoginEnd::LoggedIn { redirect, answer } => {
            remember(state, &mut headers, &answer)?;
            redirect
        }
        WebLoginEnd::Denied { redirect } => redirect,
    };
    headers.insert(LOCATION, HeaderValue::from_str(redirect.as_str()).map_err(ApiError::internal)?);
    Ok((StatusCode::FOUND, headers).into_response())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;
    use rstest::rstest;
    use serde_json::json;
    use url::Url;

    use crate::testing::{Browser, World, encode};

    const CALLBACK: &str = "/auths/loginTypes/MyWechatLogin/callback";

    /// Begins a login: the state in WeChat's address.
    async fn begin(browser: &Browser<'_>, name: &str, page: &str) -> String {
        let path = format!("/auths/loginTypes/{name}/login?redirectUrl={}", encode(page));
        let location: Url = browser.open(&path).await.is(StatusCode::FOUND).header("location").parse().unwrap();
        location.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned()
    }

    #[tokio::test]
    async fn the_browser_arrives_at_its_page_logged_in() {
        let world = World::strict().await;
        let person = world.browser();
        let state = begin(&person, "MyWechatLogin", &world.page("/shop?x=1#/tab")).await;
        let path = format!("{CALLBACK}?code={}&state={state}", world.code("xiaoming"));
        let (one, two) = tokio::join!(person.open(&path), person.open(&path));
        for answer in [&one, &two] {
            assert_eq!(
                answer.is(StatusCode::FOUND).header("location"),
                world.page("/shop?x=1&wechat_auth=success#/tab")
            );
        }
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);
        assert_eq!(person.get("/api/me").await.is(StatusCode::OK).data()["user_info"]["nickname"], "小明");
    }

    #[rstest]
    #[case::nothing("")]
    #[case::no_state("?code=abc")]
    #[case::label_alone("?code=abc&state=shop")]
    #[case::unknown("?code=abc&state=shopZk3VbD8sQ1xYw9LmT4pRj6HfNc2GaEo5")]
    #[case::markup("?code=abc&state=%22%3E%3Cscript%3E")]
    #[tokio::test]
    async fn a_wrong_state_is_said_in_the_documented_words(#[case] query: &str) {
        let world = World::strict().await;
        let answer = world.get(&format!("{CALLBACK}{query}")).await;
        assert_eq!(answer.is(StatusCode::BAD_REQUEST).json()["error"], "Invalid state parameter");
        assert_eq!(answer.header("content-type"), "application/json");
        let page = world.browser().open(&format!("{CALLBACK}{query}")).await;
        assert!(page.is(StatusCode::BAD_REQUEST).text().contains("/auths/loginTypes/MyWechatLogin/login"));
        assert!(!page.text().contains("<script>"), "{}", page.text());
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 0);
    }

    #[tokio::test]
    async fn a_state_is_of_one_instance_one_browser_and_ten_minutes() {
        let world = World::strict().await;
        let (person, other) = (world.browser(), world.browser());
        let state = begin(&person, "MyWechatLogin", "/").await;
        let query = format!("code={}&state={state}", world.code("xiaoming"));
        let silent = format!("/auths/loginTypes/Silent/callback?{query}");
        let wrong = json!("Invalid state parameter");
        assert_eq!(person.get(&silent).await.is(StatusCode::BAD_REQUEST).json()["error"], wrong);
        assert_eq!(other.get(&format!("{CALLBACK}?{query}")).await.is(StatusCode::BAD_REQUEST).json()["error"], wrong);
        let plain = format!("/wechat/callback?{query}");
        person.get(&plain).await.is(StatusCode::BAD_REQUEST).code("STATE_INVALID");
        world.advance(Duration::from_secs(601));
        assert_eq!(person.get(&format!("{CALLBACK}?{query}")).await.is(StatusCode::BAD_REQUEST).json()["error"], wrong);
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 0);
    }

    #[tokio::test]
    async fn a_declined_login_returns_to_the_page() {
        let world = World::strict().await;
        let person = world.browser();
        let state = begin(&person, "MyWechatLogin", &world.page("/shop")).await;
        for _ in 0..2 {
            let answer = person.open(&format!("{CALLBACK}?state={state}")).await;
            assert_eq!(answer.is(StatusCode::FOUND).header("location"), world.page("/shop?wechat_auth=denied"));
            assert!(answer.cookie_line("weiqiao_session").is_none());
        }
        let used = person.get(&format!("{CALLBACK}?code={}&state={state}", world.code("xiaoming"))).await;
        assert_eq!(used.is(StatusCode::BAD_REQUEST).json()["error"], "Invalid state parameter");
    }

    #[tokio::test]
    async fn a_refused_code_is_told_in_bare_json() {
        let world = World::strict().await;
        let person = world.browser();
        let state = begin(&person, "MyWechatLogin", "/").await;
        let answer = person.get(&format!("{CALLBACK}?code=never-issued&state={state}")).await;
        answer.is(StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(
            (&answer.json()["error"], &answer.json()["errcode"]),
            (&json!("Auth error: invalid code"), &json!(40029))
        );
    }
}
