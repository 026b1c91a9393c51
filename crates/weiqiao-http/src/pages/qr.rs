//! The page outside WeChat: it says so, and shows a QR code to go on with on the phone.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use qrcode::{Color, EcLevel, QrCode};
use url::Url;
use weiqiao_app::usecase::handover::BegunHandover;

use super::emulated::{emulator, is_emulated};
use super::html::{Html, escape};
use crate::AppState;
use crate::engine::ApiError;

/// What the page shows.
pub(crate) struct QrPage<'a> {
    /// The service.
    pub(crate) state: &'a AppState,
    /// The instance.
    pub(crate) name: &'a str,
    /// Where the login was to end, if somebody said.
    pub(crate) target: Option<&'a str>,
    /// What the QR code says, and the number beside it.
    pub(crate) begun: &'a BegunHandover,
}

impl QrPage<'_> {
    /// The page.
    ///
    /// # Errors
    ///
    /// An address that does not fit into a QR code.
    pub(crate) fn render(&self) -> Result<Response, ApiError> {
        let Self { state, name, target, begun } = self;
        let title = escape(&begun.title);
        let picture = svg(begun.url.as_str()).map_err(ApiError::internal)?;
        let base = format!("/auths/loginTypes/{name}");
        let again = match target {
            Some(target) => {
                let query: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
                format!("{base}/login?redirectUrl={query}")
            }
            None => format!("{base}/login"),
        };
        let (poll, finish) =
            (format!("{base}/handover/{}/status", begun.ticket), format!("{base}/handover/{}/finish", begun.ticket));
        let phone = if is_emulated(state) { emulated_phone(&emulator(state), &begun.url) } else { String::new() };
        let (seconds, number) = (begun.max_age_s, begun.number);
        let body = format!(
            "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n<title>微信扫码登录 · {title}</title>\n\
             <link rel=\"stylesheet\" href=\"/assets/page.css\">\n\
             <script src=\"/assets/handover.js\" defer></script>\n</head>\n<body>\n\
             <main id=\"handover\" data-status=\"waiting\" data-poll=\"{poll}\" data-finish=\"{finish}\" \
             data-seconds=\"{seconds}\">\n\
             <h1>微信扫码登录</h1>\n\
             <p>「{title}」要在微信里登录，而这里不是微信。请打开手机微信的「扫一扫」，扫描下面的二维码。</p>\n\
             <div class=\"qr\">\n{picture}\n<p class=\"veil\"><span id=\"veil-text\">二维码已失效</span></p>\n</div>\n\
             <p class=\"match\">手机上请选数字 <strong id=\"number\">{number}</strong></p>\n\
             <p id=\"progress\" class=\"progress\" role=\"status\">等待扫码，<span id=\"left\">{seconds}</span> 秒内有效</p>\n\
             <a id=\"again\" class=\"action\" href=\"{again}\">重新获取二维码 New code</a>\n{phone}\
             <noscript><p>手机确认后，请点 <a href=\"{finish}\">继续登录</a>。</p></noscript>\n\
             <p id=\"english\" class=\"english\" lang=\"en\">This is not WeChat. Scan the code with WeChat on your phone, pick the number \
             {number} there, and this page goes on by itself.</p>\n\
             <footer>请只扫描您自己打开的页面上的二维码，不要替别人扫码或告诉别人这个数字。</footer>\n\
             </main>\n</body>\n</html>\n",
            again = escape(&again),
        );
        Ok(Html::new(StatusCode::OK, body).with_script().into_response())
    }
}

/// In place of a phone, the emulated one: opens in a tab of its own.
fn emulated_phone(emulator: &Url, scanned: &Url) -> String {
    let mut phone = emulator.clone();
    phone.query_pairs_mut().append_pair("url", scanned.as_str());
    format!(
        "<a id=\"emulated-phone\" class=\"quiet\" target=\"_blank\" rel=\"noopener\" href=\"{}\">\
         演示环境：用模拟手机扫码 ↗</a>\n",
        escape(phone.as_str())
    )
}

/// The code as one path, dark on light also where the page is dark: cameras need it so.
fn svg(text: &str) -> Result<String, qrcode::types::QrError> {
    use std::fmt::Write as _;

    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (index, _) in colors.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        let (x, y) = (index % width + QUIET, index / width + QUIET);
        // Writing to a string does not fail.
        let _ = write!(path, "M{x} {y}h1v1h-1z");
    }
    let side = width + 2 * QUIET;
    Ok(format!(
        "<svg viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"登录二维码\" shape-rendering=\"crispEdges\" \
         data-text=\"{}\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path fill=\"#111\" d=\"{path}\"/></svg>",
        escape(text)
    ))
}
