//! `GET …/handover/{ticket}`: the phone opened the QR code.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use weiqiao_app::usecase::handover::{handover_proof, scan_handover};
use weiqiao_app::usecase::user::me;

use super::super::login_instance::login::to_wechat;
use super::{Ticket, Told, phone_error, session};
use crate::AppState;
use crate::engine::bare::BareError;
use crate::engine::limit::Start;
use crate::engine::query::parse_query;
use crate::engine::visitor::Visitor;
use crate::engine::{ApiError, Field, Input, Limited, RequestContext, user_agent};
use crate::pages::{ConfirmPage, is_emulated, phone_policy};

/// What a login adds to the address.
#[derive(Debug, Deserialize)]
struct Returned {
    wechat_auth: Option<String>,
}

impl Input for Returned {
    const NAME: &'static str = "Returned";
    const FIELDS: &'static [Field] = &[Field::text("wechat_auth", "WechatAuth")];
}

/// The question, once the phone is logged in; before that the way to WeChat.
#[utoipa::path(
    get, path = "/auths/loginTypes/{name}/handover/{ticket}", tag = "login instances", operation_id = "handover_scan",
    params(
        ("name" = String, Path, description = "the instance", example = "MyWechatLogin"),
        ("ticket" = String, Path, description = "what the QR code says"),
    ),
    responses(
        (status = 200, description = "a page that asks whether to log in on the computer"),
        (status = 302, description = "to WeChat's consent page, and back here"),
        (status = 400, description = "a page: the code is used, too old, or unknown"),
        (status = 404, description = "a page: no such instance, or nothing a QR code of ours says"),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    context: RequestContext,
    limited: Result<Limited<Start>, ApiError>,
    path: Result<Ticket, ApiError>,
    visitor: Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let shown = async {
        limited?;
        let path = path?;
        let Returned { wechat_auth } = parse_query(query.as_deref().unwrap_or_default())?;
        show(&state, &context, path, &visitor, &headers, wechat_auth.as_deref()).await
    };
    shown.await.unwrap_or_else(|error: BareError| phone_error(&state, &context, &error))
}

async fn show(
    state: &AppState,
    context: &RequestContext,
    Ticket { name, ticket }: Ticket,
    visitor: &Visitor,
    headers: &HeaderMap,
    wechat_auth: Option<&str>,
) -> Result<Response, BareError> {
    if !user_agent::is_wechat(headers) && !is_emulated(state) {
        let told = Told {
            title: "请用微信扫码",
            text: "这个二维码要用微信的「扫一扫」打开，其他扫码工具或浏览器不能登录。",
            english: "Please scan this code with WeChat.",
            again: None,
        };
        return Ok(told.page(state, context, StatusCode::BAD_REQUEST));
    }
    let scanned = scan_handover(state.app(), &name, &ticket).await?;
    let address = format!("/auths/loginTypes/{name}/handover/{ticket}");
    let session = session(state, headers).await.filter(|session| session.app_id.as_str() == scanned.app_id);
    let Some(session) = session else {
        let told = match wechat_auth {
            None => return to_wechat(state, &name, Some(&address), visitor).await,
            Some("denied") => Told {
                title: "您没有同意授权",
                text: "电脑上的登录没有完成。如果改变了主意，可以重试。",
                english: "You declined. The login on the computer was not completed.",
                again: Some(address),
            },
            Some(_) => Told {
                title: "登录状态没有保存",
                text: "浏览器没有保存登录所需的 Cookie。请允许 Cookie 后重试。",
                english: "The browser did not keep our cookie. Please allow cookies and try again.",
                again: Some(address),
            },
        };
        return Ok(told.page(state, context, StatusCode::BAD_REQUEST));
    };
    let nickname = me(state.app(), &session).await?.user_info.nickname;
    let page = ConfirmPage {
        address: &address,
        scanned: &scanned,
        nickname: &nickname,
        proof: &handover_proof(state.app(), &ticket, &session),
        own_ip: context.client_ip,
        now_ms: state.now_ms(),
    };
    Ok(phone_policy(state, page.into_response()))
}
