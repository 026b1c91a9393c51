//! `POST /wx/share`: the signature for a page whose address comes as Base64 in a form. Bare JSON, as published
//! clients expect.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use weiqiao_app::AppError;
use weiqiao_app::js_url;
use weiqiao_app::usecase::jssdk::sign_page;

use super::SignedPage;
use crate::AppState;
use crate::engine::limit::JsSdk;
use crate::engine::{ApiError, ApiForm, Failure, Field, Input, Limited};

/// What to sign.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct WxShareRequest {
    /// Base64 of the page's address. A `+` turned into a space, the URL-safe alphabet and missing padding are fine.
    #[schema(example = "aHR0cHM6Ly9tLmV4YW1wbGUuY29tLz9hPTE=")]
    wechaturl: String,
    /// Another official account than the default one.
    account: Option<String>,
}

impl Input for WxShareRequest {
    const NAME: &'static str = "WxShareRequest";
    const FIELDS: &'static [Field] =
        &[Field::lines("wechaturl", "Wechaturl").required().max(8192), Field::text("account", "Account")];
}

/// Signs a page for the JS-SDK; the answer has no envelope.
#[utoipa::path(
    post, path = "/wx/share", tag = "jssdk", operation_id = "wx_share",
    request_body(content = WxShareRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "signed, without an envelope", body = SignedPage),
        (status = 400, description = "missing, not Base64, or no http(s) address inside", body = Failure),
        (status = 403, description = "the host is not in JS_SAFE_DOMAINS", body = Failure),
        (status = 404, description = "no such official account", body = Failure),
        (status = 500, description = "WeChat refused the ticket", body = Failure),
        (status = 503, description = "WeChat does not answer, or the database is down", body = Failure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<JsSdk>,
    ApiForm(request): ApiForm<WxShareRequest>,
) -> Result<Json<SignedPage>, ApiError> {
    let page = js_url::from_base64(&request.wechaturl).map_err(AppError::from)?;
    let signed = sign_page(state.app(), request.account.as_deref(), &page).await?;
    Ok(Json(signed.into()))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use http::StatusCode;
    use rstest::rstest;

    use super::super::tests::assert_signed;
    use crate::testing::{World, encode};

    const PAGE: &str = "https://m.example.com/?x=>>>???~~~&y=中文";

    #[tokio::test]
    async fn the_answer_is_bare() {
        let world = World::open().await;
        let base64 = STANDARD.encode(PAGE);
        assert!(base64.contains('+'));
        let forms = [encode(&base64), base64.clone(), base64.replace('+', "-").replace('/', "_").replace('=', "")];
        for form in forms {
            let answer = world.request("POST", "/wx/share").form(&format!("wechaturl={form}")).send().await;
            assert_signed(&world, answer.is(StatusCode::OK).json(), PAGE).await;
        }
    }

    #[rstest]
    #[case("", "Key: 'WxShareRequest.Wechaturl' Error:Field validation for 'Wechaturl' failed on the 'required' tag")]
    #[case(
        "wechaturl=",
        "Key: 'WxShareRequest.Wechaturl' Error:Field validation for 'Wechaturl' failed on the 'required' tag"
    )]
    #[case("wechaturl=!!!", "wechaturl 不是有效的 Base64 文本")]
    #[case("wechaturl=amF2YXNjcmlwdDox", "url 不是有效的 http(s) 网页地址")]
    #[case("wechaturl=YQ&wechaturl=Yg", "wechaturl 重复出现")]
    #[tokio::test]
    async fn what_is_no_page_is_refused_in_the_envelope(#[case] form: &str, #[case] text: &str) {
        let world = World::open().await;
        let answer = world.request("POST", "/wx/share").form(form).send().await;
        answer.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", &format!("请求参数错误: {text}"));
    }

    #[tokio::test]
    async fn a_foreign_page_is_not_signed_in_strict_mode() {
        let world = World::strict().await;
        let form = format!("wechaturl={}", encode(&STANDARD.encode("https://evil.test/")));
        world.request("POST", "/wx/share").form(&form).send().await.is(StatusCode::FORBIDDEN);
    }

    #[tokio::test]
    async fn json_is_not_a_form() {
        let world = World::open().await;
        let answer = world.request("POST", "/wx/share").json(r#"{"wechaturl":"YQ"}"#).send().await;
        answer.is(StatusCode::UNSUPPORTED_MEDIA_TYPE).code("UNSUPPORTED_MEDIA_TYPE");
    }
}
