//! May this page use the JS-SDK, and with which signature?

use weiqiao_model::AccountKind;
use weixin::JsSdkConfig;

use crate::App;
use crate::convert::wechat_error;
use crate::error::{AppError, Result, code};
use crate::hint::Call;
use crate::js_url::JsUrlProblem;

/// Signs the page for `wx.config`. `page` is the text of the address bar, with or without its fragment; `account`
/// selects another than the default official account.
///
/// # Errors
///
/// `Invalid` for what is not a web page, `Forbidden` with code `JS_URL_NOT_ALLOWED` for a host outside
/// `JS_SAFE_DOMAINS`, `NotFound` for an unknown account, `WeChat` when there is no ticket to sign with.
pub async fn sign_page(app: &App, account: Option<&str>, page: &str) -> Result<JsSdkConfig> {
    let page = app.js_domains().check(page)?;
    let account = app.accounts().pick(AccountKind::Official, account)?;
    let signed = app.weixin().sign_js_sdk(&account.weixin, page).await;
    signed.map_err(|error| {
        wechat_error(app, "获取 JS-SDK 签名失败", code::WECHAT_API_FAILED, Call::Token, account, &error, None)
    })
}

impl From<JsUrlProblem> for AppError {
    fn from(problem: JsUrlProblem) -> Self {
        match problem {
            JsUrlProblem::HostNotListed => Self::forbidden(code::JS_URL_NOT_ALLOWED, problem.to_string())
                .with_hint("请把该域名加入 JS_SAFE_DOMAINS，并在微信公众平台「JS 接口安全域名」中登记。"),
            JsUrlProblem::NotBase64 => Self::field("wechaturl", "base64", problem.to_string()),
            _ => Self::field("url", "url", problem.to_string()),
        }
    }
}
