//! What people read when a login fails: what happened, and what they can do. What its maker or operator can do stands in the
//! envelope and in the log, and on the page only in open mode, where whoever reads it is one of them.

use weiqiao_app::error::code;

use crate::AppState;
use crate::engine::ApiError;

/// The text of the page.
pub(crate) fn told(state: &AppState, error: &ApiError) -> String {
    let is_development = !state.app().auth_mode().is_strict();
    let lines = match error.hint_text().filter(|_| is_development) {
        Some(hint) => [error.message(), hint],
        None if is_development => [error.message(), ""],
        None => [happened(error), advice(error)],
    };
    let lines: Vec<_> = lines.iter().map(|line| line.trim_end_matches('。')).filter(|line| !line.is_empty()).collect();
    format!("{}。", lines.join("。"))
}

/// What happened, without the words of WeChat's interfaces and of ours.
fn happened(error: &ApiError) -> &str {
    match error.code() {
        code::WECHAT_LOGIN_FAILED | code::GET_USER_INFO_FAILED => "微信登录失败",
        code::VALIDATION_FAILED | code::REDIRECT_NOT_ALLOWED => "这个页面的登录链接不正确",
        code::ACCOUNT_UNKNOWN => "这个页面的登录还没有设置好",
        _ => error.message(),
    }
}

/// What people can do about it.
fn advice(error: &ApiError) -> &'static str {
    match (error.code(), error.status().as_u16()) {
        // What happened says it.
        (code::SNAPSHOT_USER, _) | (_, 429) => "",
        (code::HANDOVER_INVALID, _) => "二维码 3 分钟内有效，只能使用一次；请在电脑上重新打开登录页面，再扫一次",
        (code::STATE_INVALID | code::STATE_REQUIRED | code::CODE_ALREADY_USED, _) => {
            "请允许浏览器使用 Cookie，并在同一个浏览器里从原来的页面重新登录"
        }
        _ => "请回到微信里原来的页面再试一次；如果仍然不行，请把下面的请求编号告诉网站的运营者",
    }
}
