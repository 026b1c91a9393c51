//! `GET /auths/loginTypes/{name}/login?redirectUrl=`: in WeChat the browser goes to the consent page; elsewhere a page says
//! so and shows a QR code.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::header::{LOCATION, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;
use weiqiao_app::usecase::handover::{StartHandover, begin_handover};
use weiqiao_app::usecase::login_instance::{StartInstanceLogin, start_instance_login};

use super::failed;
use crate::AppState;
use crate::engine::bare::{BareError, BareFailure};
use crate::engine::limit::Start;
use crate::engine::query::parse_query;
use crate::engine::visitor::{Visitor, bind, bind_for};
use crate::engine::{ApiError, ApiPath, Field, Input, Limited, RequestContext, user_agent};
use crate::pages::QrPage;

/// How the login is to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InstanceLogin {
    /// The page to come back to, its own query parameters included. Its host has to be in OAUTH_REDIRECT_HOSTS.
    #[param(example = "https://m.example.com/page?shop=7")]
    redirect_url: Option<String>,
}

impl Input for InstanceLogin {
    const NAME: &'static str = "InstanceLogin";
    const FIELDS: &'static [Field] = &[Field::text("redirectUrl", "RedirectUrl").max(4096)];
}

/// Begins a login. It ends at `redirectUrl` with `wechat_auth=success` or `denied`.
#[utoipa::path(
    get, path = "/auths/loginTypes/{name}/login", tag = "login instances", operation_id = "instance_login",
    params(("name" = String, Path, description = "the instance", example = "MyWechatLogin"), InstanceLogin),
    responses(
        (status = 200, description = "outside WeChat: a page with a QR code to go on with on the phone"),
        (status = 302, description = "in WeChat: to its consent page; a cookie binds the state to this browser"),
        (status = 400, description = "the page's host is not allowed", body = BareFailure),
        (status = 404, description = "no such instance", body = BareFailure),
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
    let begun = async {
        limited?;
        let (visitor, ApiPath(name)) = (visitor?, name?);
        let InstanceLogin { redirect_url } = parse_query(query.as_deref().unwrap_or_default())?;
        if user_agent::is_wechat(&headers) {
            to_wechat(&state, &name, redirect_url.as_deref(), &visitor).await
        } else {
            qr_page(&state, &context, &name, redirect_url.as_deref(), &visitor, &headers).await
        }
    };
    let mut response = begun.await.unwrap_or_else(|error: BareError| failed(&state, &context, &headers, error, None));
    response.headers_mut().append(VARY, HeaderValue::from_static("user-agent"));
    response
}

/// Sends the browser to WeChat.
pub(in crate::routes::public) async fn to_wechat(
    state: &AppState,
    name: &str,
    target: Option<&str>,
    visitor: &Visitor,
) -> Result<Response, BareError> {
    let start = StartInstanceLogin { instance: name, target, browser: &visitor.browser };
    let started = start_instance_login(state.app(), start).await?;
    let mut headers = HeaderMap::new();
    headers.insert(LOCATION, HeaderValue::from_str(&started.url).map_err(ApiError::internal)?);
    bind(state, &mut headers, &started)?;
    Ok((StatusCode::FOUND, headers).into_response())
}

async fn qr_page(
    state: &AppState,
    context: &RequestContext,
    name: &str,
    target: Option<&str>,
    visitor: &Visitor,
    headers: &HeaderMap,
) -> Result<Response, BareError> {
    let start = StartHandover {
        instance: name,
        target,
        browser: &visitor.browser,
        ip: context.client_ip.to_string(),
        device: user_agent::in_words(headers),
    };
    let begun = begin_handover(state.app(), start).await?;
    let mut cookies = HeaderMap::new();
    bind_for(state, &mut cookies, &begun.cookie, begun.max_age_s)?;
    Ok((cookies, QrPage { state, name, target, begun: &begun }.render()?).into_response())
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use url::Url;

    use crate::testing::{DESKTOP, World, encode};

    fn parameter(url: &str, name: &str) -> String {
        let url: Url = url.parse().unwrap();
        url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
    }

    #[tokio::test]
    async fn in_wechat_every_login_has_a_nonce_of_its_own_after_the_label() {
        let world = World::strict().await;
        let path = format!("/auths/loginTypes/MyWechatLogin/login?redirectUrl={}", encode(&world.page("/shop")));
        let mut states = Vec::new();
        for _ in 0..3 {
            let answer = world.browser().open(&path).await;
            let location = answer.is(StatusCode::FOUND).header("location").to_owned();
            assert!(location.starts_with(&format!("{}/connect/oauth2/authorize?appid=", world.emulator.url())));
            assert_eq!(
                parameter(&location, "redirect_uri"),
                "https://app.example.com/auths/loginTypes/MyWechatLogin/callback"
            );
            assert_eq!(parameter(&location, "scope"), "snsapi_userinfo");
            assert!(answer.cookie_line(world.state.binding_cookie()).is_some());
            states.push(parameter(&location, "state"));
        }
        assert!(states.iter().all(|state| state.starts_with("shop") && state.len() == 36), "{states:?}");
        states.sort_unstable();
        states.dedup();
        assert_eq!(states.len(), 3);
        let silent = world.browser().open("/auths/loginTypes/Silent/login").await;
        let location = silent.is(StatusCode::FOUND).header("location");
        assert_eq!((parameter(location, "scope").as_str(), parameter(location, "state").len()), ("snsapi_base", 32));
    }

    #[tokio::test]
    async fn outside_wechat_a_page_says_so_and_shows_a_qr_code() {
        let world = World::strict().await;
        let computer = world.browser_as(DESKTOP);
        let page = computer.open("/auths/loginTypes/MyWechatLogin/login").await;
        page.is(StatusCode::OK);
        assert!(page.text().contains("<svg") && page.text().contains("我的微信登录"), "{}", page.text());
        assert!(page.text().contains("微信") && page.text().contains("扫一扫"));
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"), "{policy}");
        assert!(!policy.contains("unsafe") && !page.text().contains("<script>") && !page.text().contains(" style="));
        assert!(page.header("vary").contains("user-agent"));
        assert!(page.cookie_line(world.state.binding_cookie()).is_some());
    }

    #[tokio::test]
    async fn pages_of_others_and_unknown_instances_are_refused() {
        let world = World::strict().await;
        for agent in [DESKTOP, "Mozilla/5.0 MicroMessenger/8.0"] {
            let person = world.browser_as(agent);
            let path = format!("/auths/loginTypes/MyWechatLogin/login?redirectUrl={}", encode("https://evil.test/<b>"));
            let answer = person.get(&path).await;
            assert!(answer.is(StatusCode::BAD_REQUEST).json()["error"].as_str().unwrap().starts_with("Auth error: "));
            let page = person.open(&path).await;
            assert!(!page.is(StatusCode::BAD_REQUEST).text().contains("evil.test"), "{}", page.text());
            person.get("/auths/loginTypes/Nobody/login").await.is(StatusCode::NOT_FOUND);
        }
    }
}
