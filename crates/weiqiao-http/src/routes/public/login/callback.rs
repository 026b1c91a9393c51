//! `GET /wechat/callback`: WeChat sends the browser back; it goes on to its page, logged in.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use url::Url;
use utoipa::IntoParams;
use weiqiao_app::usecase::login::{WebLoginEnd, WechatReturn, complete_web_login};

use super::{failed, remember_page};
use crate::AppState;
use crate::engine::limit::Start;
use crate::engine::query::parse_query;
use crate::engine::visitor::{Visitor, remember};
use crate::engine::{ApiError, Failure, Field, Input, Limited, RequestContext};

/// What WeChat sent back.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CallbackRequest {
    /// The code; missing when the person declined.
    code: Option<String>,
    /// The state of `/wechat/auth`.
    state: Option<String>,
    /// The account that the login began with, when it was not the default one.
    account: Option<String>,
}

impl Input for CallbackRequest {
    const NAME: &'static str = "CallbackRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("code", "Code").max(512),
        Field::text("state", "State").max(1024),
        Field::text("account", "Account"),
    ];
}

/// Completes the full-page login. WeChat's browser is known to come twice; both visits end alike.
#[utoipa::path(
    get, path = "/wechat/callback", tag = "login", operation_id = "complete_login", params(CallbackRequest),
    responses(
        (status = 302, description = "to the page, with wechat_auth=success and the session cookie, or wechat_auth=denied"),
        (status = 400, description = "no code, or a bad state: a page, or the envelope", body = Failure),
        (status = 403, description = "WeChat showed a snapshot page with a made-up person: a page, or the envelope", body = Failure),
        (status = 404, description = "no such official account: a page, or the envelope", body = Failure),
        (status = 500, description = "WeChat refused the code: a page, or the envelope", body = Failure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    context: RequestContext,
    limited: Result<Limited<Start>, ApiError>,
    visitor: Result<Visitor, ApiError>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let completed = match limited.and(visitor) {
        Ok(visitor) => complete(&state, &visitor, query.as_deref().unwrap_or_default()).await,
        Err(error) => Err(error),
    };
    completed.unwrap_or_else(|error| failed(&state, &context, &headers, error))
}

async fn complete(state: &AppState, visitor: &Visitor, query: &str) -> Result<Response, ApiError> {
    let request: CallbackRequest = parse_query(query)?;
    let back = WechatReturn {
        account: request.account.as_deref(),
        code: request.code.as_deref(),
        state: request.state.as_deref(),
        browser: &visitor.browser,
        user_agent: visitor.user_agent.as_deref(),
    };
    let mut headers = HeaderMap::new();
    let redirect: Url = match complete_web_login(state.app(), back).await? {
        WebLoginEnd::LoggedIn { redirect, answer } => {
            remember(state, &mut headers, &answer)?;
            redirect
        }
        WebLoginEnd::Denied { redirect } => redirect,
    };
    remember_page(state, &mut headers, None)?;
    headers.insert(LOCATION, HeaderValue::from_str(redirect.as_str()).map_err(ApiError::internal)?);
    Ok((StatusCode::FOUND, headers).into_response())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;
    use rstest::rstest;

    use crate::testing::{Browser, World, encode};

    /// Begins a login that returns to `page`: its state.
    async fn begin(browser: &Browser<'_>, page: &str) -> String {
        let answer = browser.open(&format!("/wechat/auth?redirect_url={}", encode(page))).await;
        let location: url::Url = answer.is(StatusCode::FOUND).header("location").parse().unwrap();
        location.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned()
    }

    fn callback(code: &str, state: &str) -> String {
        format!("/wechat/callback?code={code}&state={state}")
    }

    #[tokio::test]
    async fn the_browser_arrives_at_its_page_logged_in_with_its_own_parameters() {
        let world = World::strict().await;
        let person = world.browser();
        let state = begin(&person, &world.page("/shop?boutique_id=7&q=%E4%B8%AD%2B1#/tab")).await;
        let answer = person.open(&callback(&world.code("xiaoming"), &state)).await;
        let location = answer.is(StatusCode::FOUND).header("location");
        assert_eq!(location, world.page("/shop?boutique_id=7&q=%E4%B8%AD%2B1&wechat_auth=success#/tab"));
        assert!(!location.contains("code=") && !location.contains("state="));
        person.get("/api/me").await.is(StatusCode::OK);
    }

    #[tokio::test]
    async fn both_visits_of_a_double_callback_end_alike() {
        let world = World::strict().await;
        let person = world.browser();
        let state = begin(&person, &world.page("/shop")).await;
        let (one, other) = (callback(&world.code("xiaoming"), &state), callback(&world.code("xiaoming"), &state));
        let (first, second) = tokio::join!(person.open(&one), person.open(&other));
        for answer in [&first, &second] {
            assert_eq!(answer.is(StatusCode::FOUND).header("location"), world.page("/shop?wechat_auth=success"));
        }
        assert_eq!(first.cookie_line("weiqiao_session"), second.cookie_line("weiqiao_session"));
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);

        world.advance(Duration::from_secs(61));
        person.open(&one).await.is(StatusCode::BAD_REQUEST);
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);
    }

    #[tokio::test]
    async fn after_a_log_out_a_second_callback_is_refused_with_a_page() {
        let world = World::strict().await;
        let person = world.browser();
        let state = begin(&person, &world.page("/shop")).await;
        let (one, other) = (callback(&world.code("xiaoming"), &state), callback(&world.code("xiaoming"), &state));
        let first = person.open(&one).await;
        let session = first.is(StatusCode::FOUND).cookie_line("weiqiao_session").unwrap();
        let session = session.split(';').next().unwrap().to_owned();
        // The cookies as they were, as a thief or a test may have them.
        let binding = person.cookie(world.state.binding_cookie());
        person.post("/api/logout", "{}").await.is(StatusCode::OK);
        for path in [&one, &other] {
            for cookies in [binding.clone(), format!("{binding}; {session}")] {
                let call = world.request("GET", path).header("cookie", &cookies).header("accept", "text/html");
                let answer = call.send().await;
                answer.is(StatusCode::BAD_REQUEST);
                assert!(answer.text().contains("登录没有完成"), "{}", answer.text());
                assert!(answer.cookie_line("weiqiao_session").is_none());
            }
            person.open(path).await.is(StatusCode::BAD_REQUEST);
        }
        person.get("/api/me").await.is(StatusCode::UNAUTHORIZED);
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 1);
    }

    #[tokio::test]
    async fn a_second_callback_does_not_undo_a_later_login() {
        let world = World::strict().await;
        let person = world.browser();
        let state = begin(&person, &world.page("/shop")).await;
        let path = callback(&world.code("xiaoming"), &state);
        person.open(&path).await.is(StatusCode::FOUND);
        let later = person.log_in("xiaohong").await;
        let answer = person.open(&path).await;
        assert!(answer.is(StatusCode::BAD_REQUEST).cookie_line("weiqiao_session").is_none());
        let me = person.get("/api/me").await;
        assert_eq!(me.is(StatusCode::OK).data()["user_info"]["openid"], world.openid("xiaohong"));
        world.request("GET", "/api/me").bearer(&later).send().await.is(StatusCode::OK);
    }

    /// Who logs in anew brings the session of before with both visits.
    #[tokio::test]
    async fn a_double_callback_over_an_earlier_session_is_one_login_too() {
        let world = World::strict().await;
        let person = world.browser();
        person.log_in("xiaohong").await;
        let state = begin(&person, &world.page("/shop")).await;
        let (one, other) = (callback(&world.code("xiaoming"), &state), callback(&world.code("xiaoming"), &state));
        let (first, second) = tokio::join!(person.open(&one), person.open(&other));
        first.is(StatusCode::FOUND);
        second.is(StatusCode::FOUND);
        assert_eq!(first.cookie_line("weiqiao_session"), second.cookie_line("weiqiao_session"));
        // And once more, when the browser has stored the new one.
        let third = person.open(&other).await;
        assert_eq!(third.is(StatusCode::FOUND).cookie_line("weiqiao_session"), first.cookie_line("weiqiao_session"));
    }

    /// The state alone, from the history or a stray prefetch: the person did not decline, they had finished.
    #[tokio::test]
    async fn a_finished_state_without_a_code_ends_as_before() {
        let world = World::strict().await;
        let person = world.browser();
        let state = begin(&person, &world.page("/shop")).await;
        let first = person.open(&callback(&world.code("xiaoming"), &state)).await;
        let alone = format!("/wechat/callback?state={state}");
        let again = person.open(&alone).await;
        assert_eq!(again.is(StatusCode::FOUND).header("location"), first.is(StatusCode::FOUND).header("location"));
        assert_eq!(again.cookie_line("weiqiao_session"), first.cookie_line("weiqiao_session"));
        world.browser().open(&alone).await.is(StatusCode::BAD_REQUEST);
        world.advance(Duration::from_secs(61));
        person.open(&alone).await.is(StatusCode::BAD_REQUEST);

        let state = begin(&person, &world.page("/shop")).await;
        person.open(&callback(&world.code("xiaoming"), &state)).await.is(StatusCode::FOUND);
        let binding = person.cookie(world.state.binding_cookie());
        person.post("/api/logout", "{}").await.is(StatusCode::OK);
        let after = world.request("GET", &format!("/wechat/callback?state={state}")).header("cookie", &binding);
        assert!(after.send().await.is(StatusCode::BAD_REQUEST).cookie_line("weiqiao_session").is_none());
    }

    /// Proxies and previews ask with HEAD; the person's own GET comes after it.
    #[tokio::test]
    async fn asking_with_head_begins_and_completes_nothing() {
        let world = World::strict().await;
        let person = world.browser();
        let state = begin(&person, &world.page("/shop")).await;
        let path = callback(&world.code("xiaoming"), &state);
        let binding = person.cookie(world.state.binding_cookie());
        let instance = "/auths/loginTypes/MyWechatLogin";
        for asked in [
            path.clone(),
            format!("/wechat/callback?state={state}"),
            "/wechat/auth".to_owned(),
            "/wechat/me".to_owned(),
            "/api/wechat/authorize-url?redirect_uri=%2F".to_owned(),
            format!("{instance}/login"),
            format!("{instance}/callback?code=abc&state={state}"),
            format!("{instance}/handover/abc"),
            format!("{instance}/handover/abc/finish"),
        ] {
            let answer = world.request("HEAD", &asked).header("cookie", &binding).send().await;
            assert_eq!(answer.is(StatusCode::METHOD_NOT_ALLOWED).header("allow"), "GET", "{asked}");
            assert!(answer.headers().get("set-cookie").is_none(), "{asked}");
        }
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 0);
        let arrived = person.open(&path).await;
        assert_eq!(arrived.is(StatusCode::FOUND).header("location"), world.page("/shop?wechat_auth=success"));
    }

    #[tokio::test]
    async fn a_state_of_another_way_to_log_in_is_told_so() {
        let world = World::strict().await;
        let person = world.browser();
        let state = person.begin_login().await;
        for path in [callback(&world.code("xiaoming"), &state), format!("/wechat/callback?state={state}")] {
            let answer = person.get(&path).await;
            answer.is(StatusCode::BAD_REQUEST).code("STATE_INVALID");
            assert!(answer.message().contains("另一种登录方式"), "{}", answer.message());
        }
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 0);
    }

    /// Cookies do not tell ports apart: two services on one computer must not send people to each other's pages.
    #[tokio::test]
    async fn the_page_to_go_back_to_is_remembered_for_this_address_only() {
        for (world, prefix) in [(World::open().await, "wx-st-"), (World::strict().await, "__Host-wx-st-")] {
            let answer =
                world.browser().open(&format!("/wechat/auth?redirect_url={}", encode(&world.page("/shop")))).await;
            let digits = world.state.binding_cookie().strip_prefix(prefix).unwrap();
            assert!(answer.cookie_line(&format!("{}{digits}", prefix.replace("-st-", "-back-"))).is_some());
        }
    }

    #[tokio::test]
    async fn a_declined_login_returns_to_the_page_and_is_over() {
        let world = World::strict().await;
        let person = world.browser();
        let state = begin(&person, &world.page("/shop?x=1")).await;
        let path = format!("/wechat/callback?state={state}");
        let (one, two) = tokio::join!(person.open(&path), person.open(&path));
        for declined in [one, two] {
            assert_eq!(declined.is(StatusCode::FOUND).header("location"), world.page("/shop?x=1&wechat_auth=denied"));
            assert!(declined.cookie_line("weiqiao_session").is_none());
        }
        let used = person.open(&callback(&world.code("xiaoming"), &state)).await;
        assert!(used.is(StatusCode::BAD_REQUEST).cookie_line("weiqiao_session").is_none());
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 0);
        world.advance(Duration::from_secs(61));
        person.open(&path).await.is(StatusCode::BAD_REQUEST);

        let anew = begin(&person, &world.page("/shop?x=1")).await;
        person.open(&callback(&world.code("xiaoming"), &anew)).await.is(StatusCode::FOUND);
    }

    #[tokio::test]
    async fn another_browser_cannot_finish_the_login() {
        let world = World::strict().await;
        let (attacker, victim) = (world.browser(), world.browser());
        let state = begin(&attacker, &world.page("/shop")).await;
        let path = callback(&world.code("xiaohong"), &state);
        let answer = victim.open(&path).await;
        answer.is(StatusCode::BAD_REQUEST);
        assert!(
            answer.text().contains("Cookie") && answer.cookie_line("weiqiao_session").is_none(),
            "{}",
            answer.text()
        );
        begin(&victim, &world.page("/shop")).await;
        let page = victim.open(&path).await;
        page.is(StatusCode::BAD_REQUEST);
        assert!(page.text().contains("/wechat/auth?redirect_url="), "a way to begin again: {}", page.text());
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 0);
    }

    #[tokio::test]
    async fn a_state_is_good_for_ten_minutes() {
        let world = World::strict().await;
        let person = world.browser();
        let early = begin(&person, &world.page("/a")).await;
        let late = begin(&person, &world.page("/b")).await;
        world.advance(Duration::from_secs(599));
        person.open(&callback(&world.code("xiaoming"), &early)).await.is(StatusCode::FOUND);
        world.advance(Duration::from_secs(2));
        person.open(&callback(&world.code("xiaoming"), &late)).await.is(StatusCode::BAD_REQUEST);
    }

    #[rstest]
    #[case::nothing("")]
    #[case::no_state("code=abc")]
    #[case::unknown_state("code=abc&state=unknown")]
    #[case::state_only("state=unknown")]
    #[case::state_twice("code=abc&state=a&state=b")]
    #[case::code_twice("code=a&code=b&state=c")]
    #[case::markup("code=%3Cscript%3E&state=%22%3E%3Cimg%3E&error=%3Csvg%3E")]
    #[tokio::test]
    async fn a_bad_return_is_a_page_for_people_and_the_envelope_for_programs(#[case] query: &str) {
        let world = World::strict().await;
        let person = world.browser();
        let page = person.open(&format!("/wechat/callback?{query}")).await;
        page.is(StatusCode::BAD_REQUEST);
        assert!(page.text().starts_with("<!doctype html>") && page.text().contains("登录没有完成"));
        for reflected in ["<script>", "<img>", "<svg>", "unknown"] {
            assert!(!page.text().contains(reflected), "{}", page.text());
        }
        let envelope = person.get(&format!("/wechat/callback?{query}")).await;
        assert!(envelope.is(StatusCode::BAD_REQUEST).error()["code"].is_string());
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 0);
    }

    #[tokio::test]
    async fn a_refused_code_is_told_to_the_person() {
        let world = World::strict().await;
        let person = world.browser();
        let state = begin(&person, &world.page("/shop")).await;
        let page = person.open(&callback("never-issued", &state)).await;
        page.is(StatusCode::INTERNAL_SERVER_ERROR);
        for told in ["微信登录失败", "请回到微信里", "请求编号", page.header("x-request-id")] {
            assert!(page.text().contains(told), "{told}: {}", page.text());
        }
    }

    /// People read what they can do; what only the makers of the page can do stands where they look.
    #[rstest]
    #[case(World::strict(), false)]
    #[case(World::open(), true)]
    #[tokio::test]
    async fn hints_for_developers_are_shown_to_developers(
        #[case]
        #[future(awt)]
        world: World,
        #[case] shown: bool,
    ) {
        let person = world.browser();
        let state = begin(&person, &world.page("/shop")).await;
        let path = callback("never-issued", &state);
        let page = person.open(&path).await;
        assert_eq!(page.is(StatusCode::INTERNAL_SERVER_ERROR).text().contains("40029"), shown, "{}", page.text());
        assert_eq!(page.text().contains("official"), shown, "{}", page.text());
        let state = begin(&person, &world.page("/shop")).await;
        let envelope = person.get(&callback("never-issued-too", &state)).await;
        let hint = envelope.is(StatusCode::INTERNAL_SERVER_ERROR).error()["hint"].as_str().unwrap();
        assert!(hint.contains("official"), "{hint}");
        assert_eq!(page.text().contains("不是账号"), shown && hint.contains("不是账号"), "{}", page.text());
    }
}
