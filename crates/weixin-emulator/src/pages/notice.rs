//! Pages that only say something: WeChat's refusals, a declined login, a finished scan.

use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode};

use super::html::{Page, esc};
use crate::engine::PageError;

/// Headless callers read WeChat's number here.
const ERRCODE: HeaderName = HeaderName::from_static("x-emulator-errcode");

/// A full-page message with WeChat's round mark.
pub(crate) struct Notice<'a> {
    pub(crate) title: &'a str,
    /// `warn`, `info` or `ok`.
    pub(crate) mark: &'a str,
    pub(crate) text: &'a str,
    /// Smaller lines below, as HTML.
    pub(crate) below: &'a str,
}

impl Notice<'_> {
    pub(crate) fn respond(&self) -> Response {
        let content = format!(
            "<main class=\"notice\"><div class=\"mark {}\" aria-hidden=\"true\"></div><h1>{}</h1>{}</main>\n{FOOT}",
            self.mark,
            esc(self.text),
            self.below
        );
        Page { title: self.title, class: "plain", script: None, content: &content }.respond(StatusCode::OK)
    }
}

/// Below every page: nobody shall take this for the real thing.
pub(crate) const FOOT: &str =
    "<footer class=\"foot\">微信模拟器 weixin-emulator · 不是真的微信 · <a href=\"/\">打开模拟器</a></footer>";

/// WeChat refuses a link: its text and number, and below what that means here.
pub(crate) fn refused(error: &PageError) -> Response {
    let below = format!(
        "<p class=\"code\">错误码：{}</p><div class=\"why\"><h2>为什么</h2><p>{}</p></div>",
        error.errcode,
        esc(&error.why)
    );
    let mut response = Notice { title: "微信", mark: "warn", text: &error.text, below: &below }.respond();
    response.headers_mut().insert(ERRCODE, HeaderValue::from(error.errcode));
    response
}

/// The QR login's refusal, which names no number to the visitor.
pub(crate) fn qr_refused(error: &PageError) -> Response {
    let below = format!(
        "<div class=\"why\"><h2>为什么</h2><p>{}（错误码 {}）</p><p>{}</p></div>",
        esc(&error.text),
        error.errcode,
        esc(&error.why)
    );
    let mut response = Notice { title: "微信登录", mark: "warn", text: "该链接无法访问", below: &below }.respond();
    response.headers_mut().insert(ERRCODE, HeaderValue::from(error.errcode));
    response
}

/// Outside WeChat's browser, when the setting asks for it.
pub(crate) fn only_in_wechat() -> Response {
    let below = "<div class=\"why\"><h2>为什么</h2><p>设置 require_wechat_browser 已打开，而这个浏览器的 \
                 User-Agent 里没有 MicroMessenger。</p></div>";
    Notice { title: "微信", mark: "info", text: "请在微信客户端打开链接", below }.respond()
}

/// The person refused; `back` leads on without a code.
pub(crate) fn declined(nickname: &str, app: &str, back: &str) -> Response {
    let text = format!("{nickname} 拒绝了 {app} 的授权请求");
    let below = format!(
        "<p class=\"actions\"><a class=\"button\" id=\"back\" href=\"{}\">返回</a></p>\
         <p class=\"hint\">真实的微信在这里没有约定的回调：用户会直接离开页面。\
         「返回」按扫码登录旧文档的做法，只带 state、不带 code 跳回，便于测试拒绝流程。</p>",
        esc(back)
    );
    Notice { title: "已拒绝", mark: "info", text: &text, below: &below }.respond()
}
