//! `GET /wechat/jsconfig?url=`: everything `wx.config` needs to trust the calling page.

use axum::extract::{FromRequestParts, State};
use http::request::Parts;
use serde::Deserialize;
use utoipa::IntoParams;
use weiqiao_app::AppError;
use weiqiao_app::js_url::{self, JsUrlProblem};
use weiqiao_app::usecase::jssdk::sign_page;

use super::SignedPage;
use crate::AppState;
use crate::engine::limit::JsSdk;
use crate::engine::query::parse_query;
use crate::engine::{ApiError, Envelope, Failure, Field, Input, Limited, Success};

/// What to sign.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct JsConfigRequest {
    /// The page's address, `encodeURIComponent(location.href.split('#')[0])`. The fragment is cut.
    #[param(example = "https%3A%2F%2Fm.example.com%2Fpage%3Fa%3D1%26b%3D2")]
    #[allow(dead_code)] // read from the raw query, where an address that was not encoded can still be recognised
    url: String,
    /// Another official account than the default one.
    account: Option<String>,
}

impl Input for JsConfigRequest {
    const NAME: &'static str = "JsConfigRequest";
    const FIELDS: &'static [Field] =
        &[Field::text("url", "Url").required().max(8192), Field::text("account", "Account")];
}

/// Signs a page for the JS-SDK.
#[utoipa::path(
    get, path = "/wechat/jsconfig", tag = "jssdk", operation_id = "js_config", params(JsConfigRequest),
    responses(
        (status = 200, description = "signed", body = Success<SignedPage>),
        (status = 400, description = "no http(s) address, or one that was not encoded", body = Failure),
        (status = 403, description = "the host is not in JS_SAFE_DOMAINS", body = Failure),
        (status = 404, description = "no such official account", body = Failure),
        (status = 500, description = "WeChat refused the ticket", body = Failure),
        (status = 503, description = "WeChat does not answer, or the database is down", body = Failure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<JsSdk>,
    Page { page, account }: Page,
) -> Result<Envelope<SignedPage>, ApiError> {
    let signed = sign_page(state.app(), account.as_deref(), &page).await?;
    Ok(Envelope::of(signed.into()))
}

/// What to sign, read where it stands.
#[derive(Debug)]
pub(crate) struct Page {
    page: String,
    account: Option<String>,
}

impl FromRequestParts<AppState> for Page {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, Self::Rejection> {
        let (page, account) = read(parts.uri.query().unwrap_or_default())?;
        Ok(Self { page, account })
    }
}

/// The page's address and the account.
fn read(query: &str) -> Result<(String, Option<String>), ApiError> {
    match js_url::from_query(query) {
        // The usual request has nothing else to be looked at. A replacement character tells of bytes that are no UTF-8.
        Ok(page)
            if !query.as_bytes().contains(&b'&')
                && (page.is_ascii() || !page.contains(char::REPLACEMENT_CHARACTER)) =>
        {
            Ok((page, None))
        }
        Ok(page) => parse_query(query).map(|JsConfigRequest { account, .. }| (page, account)),
        // An address whose rest became other parameters is told so before anything is said about those.
        Err(problem @ (JsUrlProblem::Unencoded | JsUrlProblem::Twice)) => Err(AppError::from(problem).into()),
        Err(problem) => {
            parse_query::<JsConfigRequest>(query)?;
            Err(AppError::from(problem).into())
        }
    }
}

/// The same under the path the browser SDK uses.
#[utoipa::path(
    get, path = "/api/wechat/jsconfig", tag = "jssdk", operation_id = "js_config_alias", params(JsConfigRequest),
    responses(
        (status = 200, description = "signed", body = Success<SignedPage>),
        (status = 400, description = "no http(s) address, or one that was not encoded", body = Failure),
        (status = 403, description = "the host is not in JS_SAFE_DOMAINS", body = Failure),
        (status = 404, description = "no such official account", body = Failure),
        (status = 500, description = "WeChat refused the ticket", body = Failure),
        (status = 503, description = "WeChat does not answer, or the database is down", body = Failure),
    ),
)]
pub(crate) async fn alias(
    state: State<AppState>,
    limited: Limited<JsSdk>,
    page: Page,
) -> Result<Envelope<SignedPage>, ApiError> {
    handler(state, limited, page).await
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use rstest::rstest;

    use super::super::tests::assert_signed;
    use crate::testing::{World, encode};

    #[rstest]
    #[case("/wechat/jsconfig")]
    #[case("/api/wechat/jsconfig")]
    #[tokio::test]
    async fn the_page_is_signed_without_its_fragment(#[case] path: &str) {
        let world = World::open().await;
        let page = "https://m.example.com/list?a=1&b=%E4%B8%AD#/route";
        let answer = world.get(&format!("{path}?url={}", encode(page))).await;
        answer.is(StatusCode::OK).success("success");
        assert_signed(&world, answer.data(), "https://m.example.com/list?a=1&b=%E4%B8%AD").await;
    }

    #[tokio::test]
    async fn the_ticket_is_fetched_once_for_many_pages() {
        let world = World::open().await;
        let pages: Vec<_> =
            (0..100).map(|n| format!("/wechat/jsconfig?url={}", encode(&format!("https://a.cn/{n}")))).collect();
        let answers = futures_util::future::join_all(pages.iter().map(|path| world.get(path))).await;
        let mut nonces: Vec<_> =
            answers.iter().map(|answer| answer.is(StatusCode::OK).data()["nonceStr"].to_string()).collect();
        nonces.sort();
        nonces.dedup();
        assert_eq!(nonces.len(), 100);
        assert_eq!(world.wechat_calls("/cgi-bin/ticket/getticket"), 1);
    }

    #[tokio::test]
    async fn callers_choose_neither_nonce_nor_timestamp() {
        let world = World::open().await;
        let path = format!("/wechat/jsconfig?url={}&nonceStr=mine&timestamp=1&callback=f", encode("https://a.cn/"));
        let answer = world.get(&path).await;
        assert_ne!(answer.is(StatusCode::OK).data()["nonceStr"], "mine");
        assert_eq!(answer.data()["timestamp"], world.now_s());
        assert_eq!(answer.header("content-type"), "application/json");
    }

    #[rstest]
    #[case::missing("", "Key: 'JsConfigRequest.Url' Error:Field validation for 'Url' failed on the 'required' tag")]
    #[case::empty("url=", "Key: 'JsConfigRequest.Url' Error:Field validation for 'Url' failed on the 'required' tag")]
    #[case::no_page("url=javascript%3Aalert(1)", "url 不是有效的 http(s) 网页地址")]
    #[case::encoded_twice("url=https%253A%252F%252Fa.cn%252F", "url 不是有效的 http(s) 网页地址")]
    #[case::broken_utf8("url=https%3A%2F%2Fa.cn%2F%FF", "参数不是合法的 UTF-8 编码")]
    #[case::twice("url=https%3A%2F%2Fa.cn&url=https%3A%2F%2Fb.cn", "url 出现了两次，只能有一个：不知道该为哪一个签名")]
    #[case::account_twice("url=https%3A%2F%2Fa.cn&account=a&account=b", "account 重复出现")]
    #[tokio::test]
    async fn what_is_no_page_is_refused(#[case] query: &str, #[case] text: &str) {
        let world = World::open().await;
        let answer = world.get(&format!("/wechat/jsconfig?{query}")).await;
        answer.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", &format!("请求参数错误: {text}"));
        assert_eq!(world.wechat_calls("/cgi-bin/ticket/getticket"), 0);
    }

    #[rstest]
    #[case("url=https://a.cn/?x=1&y=2")]
    #[case("url=https://a.cn/?x=1&account=official")]
    #[case("url=https://a.cn/?x=1&url=2")]
    #[case("url=https%3A%2F%2Fa.cn/?x=1&y=2")]
    #[tokio::test]
    async fn an_address_that_was_not_encoded_is_never_signed_short(#[case] query: &str) {
        let world = World::open().await;
        let answer = world.get(&format!("/wechat/jsconfig?{query}")).await;
        assert!(answer.is(StatusCode::BAD_REQUEST).message().contains("encodeURIComponent"), "{}", answer.message());
    }

    #[tokio::test]
    async fn a_foreign_page_is_not_signed_in_strict_mode() {
        let world = World::strict().await;
        let foreign = world.get(&format!("/wechat/jsconfig?url={}", encode("https://evil.test/"))).await;
        foreign.is(StatusCode::FORBIDDEN).failure("JS_URL_NOT_ALLOWED", "该域名不在 JS 安全域名列表中");
        let ours = world.get(&format!("/wechat/jsconfig?url={}", encode(&world.page("/a?b=1")))).await;
        assert_signed(&world, ours.is(StatusCode::OK).data(), &world.page("/a?b=1")).await;
    }

    #[tokio::test]
    async fn an_unknown_account_and_a_mini_program_are_refused() {
        let world = World::open().await;
        let page = encode("https://a.cn/");
        world.get(&format!("/wechat/jsconfig?url={page}&account=nobody")).await.is(StatusCode::NOT_FOUND);
        world.get(&format!("/wechat/jsconfig?url={page}&account=mini")).await.is(StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn a_refused_ticket_says_what_wechat_said() {
        let world = World::open().await;
        world.wechat_refuses("/cgi-bin/ticket/getticket", 48001, 1).await;
        let answer = world.get(&format!("/wechat/jsconfig?url={}", encode("https://a.cn/"))).await;
        answer.is(StatusCode::INTERNAL_SERVER_ERROR).code("WECHAT_API_FAILED");
        assert_eq!(answer.error()["errcode"], 48001);
        assert!(answer.error()["hint"].as_str().unwrap().contains("JS-SDK"), "{answer:?}");
    }
}
