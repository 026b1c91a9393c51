//! `GET /wechat/me`: a page for people who are logged in. Everybody else is sent to WeChat first, once.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;
use weiqiao_app::Caller;
use weiqiao_app::usecase::login::{Flow, StartLogin, start_web_login};
use weiqiao_app::usecase::user::me;

use crate::AppState;
use crate::engine::limit::Start;
use crate::engine::query::parse_query;
use crate::engine::visitor::{Visitor, bind};
use crate::engine::{ApiError, Failure, Field, Input, Limited, MaybeCaller, RequestContext};
use crate::pages::html::asks_for_page;
use crate::pages::{MePage, MessagePage, phone_policy, told};

const PATH: &str = "/wechat/me";

/// What a login adds to the address.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MeRequest {
    /// `success` or `denied`: how the login ended that came back here.
    wechat_auth: Option<String>,
    /// Another official account than the default one.
    account: Option<String>,
}

impl Input for MeRequest {
    const NAME: &'static str = "MeRequest";
    const FIELDS: &'static [Field] = &[Field::text("wechat_auth", "WechatAuth"), Field::text("account", "Account")];
}

/// A page with nickname and portrait of whoever is logged in. Everybody else is sent to WeChat, once.
#[utoipa::path(
    get, path = "/wechat/me", tag = "login", operation_id = "me_page", params(MeRequest),
    responses(
        (status = 200, description = "the page", body = String, content_type = "text/html"),
        (status = 302, description = "to WeChat's page; a cookie binds the state to this browser"),
        (status = 400, description = "back from WeChat, and the browser kept no cookie: a page", body = String, content_type = "text/html"),
        (status = 401, description = "an API key or a token that is wrong: a page, or the envelope", body = Failure),
        (status = 403, description = "the person declined: a page", body = String, content_type = "text/html"),
        (status = 404, description = "no such account: a page, or the envelope", body = Failure),
    ),
    security((), ("session" = []), ("cookie" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    context: RequestContext,
    limited: Result<Limited<Start>, ApiError>,
    caller: Result<MaybeCaller, ApiError>,
    visitor: Result<Visitor, ApiError>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let shown = async {
        limited?;
        let (MaybeCaller(caller), visitor) = (caller?, visitor?);
        show(&state, &context, &caller, &visitor, query.as_deref().unwrap_or_default()).await
    };
    match shown.await {
        Ok(response) => phone_policy(&state, response),
        Err(error) if !asks_for_page(&headers) => error.into_response(),
        Err(error) => {
            let text = told(&state, &error);
            let said = ("登录没有完成", text.as_str(), "The login was not completed.");
            let mut page = message(&context, error.status(), said);
            error.say_when(page.headers_mut());
            phone_policy(&state, page)
        }
    }
}

async fn show(
    state: &AppState,
    context: &RequestContext,
    caller: &Caller,
    visitor: &Visitor,
    query: &str,
) -> Result<Response, ApiError> {
    let MeRequest { wechat_auth, account } = parse_query(query)?;
    if let Caller::User(session) = caller
        && account.as_ref().is_none_or(|account| session.account.as_str() == *account)
    {
        return Ok(MePage(&me(state.app(), session).await?.user_info).into_response());
    }
    // Whoever comes back from WeChat without a session is not sent there again by itself.
    match wechat_auth.as_deref() {
        None => to_wechat(state, visitor, account.as_deref()).await,
        Some("denied") => Ok(message(
            context,
            StatusCode::FORBIDDEN,
            (
                "您没有同意授权",
                "这个页面要在微信里登录后才能看。如果改变了主意，可以重新登录。",
                "You declined the login.",
            ),
        )),
        Some(_) => Ok(message(
            context,
            StatusCode::BAD_REQUEST,
            (
                "登录状态没有保存",
                "登录已经完成，但浏览器没有带回登录状态。请允许 Cookie 后重新登录。",
                "The browser did not keep our cookie. Please allow cookies and log in again.",
            ),
        )),
    }
}

async fn to_wechat(state: &AppState, visitor: &Visitor, account: Option<&str>) -> Result<Response, ApiError> {
    let target = account.map_or_else(|| PATH.to_owned(), |account| format!("{PATH}?account={account}"));
    let start = StartLogin { account, target: Some(&target), scope: None, flow: Flow::Page, browser: &visitor.browser };
    let started = start_web_login(state.app(), start).await?;
    let mut headers = HeaderMap::new();
    headers.insert(LOCATION, HeaderValue::from_str(&started.url).map_err(ApiError::internal)?);
    bind(state, &mut headers, &started)?;
    Ok((StatusCode::FOUND, headers).into_response())
}

fn message(context: &RequestContext, status: StatusCode, (title, text, english): (&str, &str, &str)) -> Response {
    let action = Some((PATH.to_owned(), "重新登录 Log in again"));
    MessagePage { status, title, text, english, action, request_id: &context.request_id }.into_response()
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use url::Url;

    use crate::testing::{Browser, World};

    /// Opens the page and goes to WeChat and back: the answer at the end, and how often we redirected.
    async fn visit(world: &World, browser: &Browser<'_>, code: Option<&str>) -> (crate::testing::Answer, usize) {
        let first = browser.open("/wechat/me").await;
        let wechat: Url = first.is(StatusCode::FOUND).header("location").parse().unwrap();
        assert!(wechat.as_str().starts_with(world.emulator.url()), "{wechat}");
        let state = wechat.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
        let code = code.map(|code| format!("code={code}&")).unwrap_or_default();
        let back = browser.open(&format!("/wechat/callback?{code}state={state}")).await;
        let page: Url = back.is(StatusCode::FOUND).header("location").parse().unwrap();
        (browser.open(&format!("{}?{}", page.path(), page.query().unwrap())).await, 2)
    }

    #[tokio::test]
    async fn two_redirects_and_the_nickname_as_text() {
        let world = World::strict().await;
        let person = world.browser();
        let (page, _) = visit(&world, &person, Some(&world.code("script"))).await;
        assert!(page.is(StatusCode::OK).text().contains("&lt;") && !page.text().contains("<script"), "{}", page.text());
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
        let again = world.browser();
        let (page, _) = visit(&world, &again, Some(&world.code("xiaoming"))).await;
        assert!(page.is(StatusCode::OK).text().contains(">小明</h1>"), "{}", page.text());
        again.open("/wechat/me").await.is(StatusCode::OK);
    }

    #[tokio::test]
    async fn who_declines_or_keeps_no_cookie_is_not_sent_round_in_circles() {
        let world = World::strict().await;
        let person = world.browser();
        let (page, _) = visit(&world, &person, None).await;
        assert!(page.is(StatusCode::FORBIDDEN).text().contains("您没有同意授权") && page.text().contains("/wechat/me"));
        let forgetful =
            world.request("GET", "/wechat/me?wechat_auth=success").header("accept", "text/html").send().await;
        assert!(forgetful.is(StatusCode::BAD_REQUEST).text().contains("Cookie"), "{}", forgetful.text());
    }

    #[tokio::test]
    async fn an_ended_session_begins_anew_and_an_unknown_account_is_told() {
        let world = World::strict().await;
        let person = world.browser();
        person.log_in("xiaoming").await;
        person.open("/wechat/me").await.is(StatusCode::OK);
        world.advance(std::time::Duration::from_secs(86_400 + 60));
        person.open("/wechat/me").await.is(StatusCode::FOUND);
        person.open("/wechat/me?account=nobody").await.is(StatusCode::NOT_FOUND);
    }
}
