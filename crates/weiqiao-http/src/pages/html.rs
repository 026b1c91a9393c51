//! An HTML answer with the headers a page needs.

use std::fmt::Write as _;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// What an ordinary page of ours may load: its own style sheet and WeChat's portraits. No script at all.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data: https://thirdwx.qlogo.cn \
                      https://wx.qlogo.cn; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same for a page with a script of ours, which may ask us.
const SCRIPTED: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
                        img-src 'self' data: https://thirdwx.qlogo.cn https://wx.qlogo.cn; form-action 'self'; \
                        base-uri 'none'; frame-ancestors 'none'";

/// A page.
#[derive(Debug)]
pub(crate) struct Html {
    status: StatusCode,
    body: Body,
    policy: &'static str,
}

impl Html {
    pub(crate) fn new(status: StatusCode, body: impl Into<Body>) -> Self {
        Self { status, body: body.into(), policy: POLICY }
    }

    /// The page has a script, in a file of ours.
    pub(crate) fn with_script(self) -> Self {
        Self { policy: SCRIPTED, ..self }
    }
}

impl IntoResponse for Html {
    fn into_response(self) -> Response {
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        page_headers(headers, HeaderValue::from_static(self.policy));
        response
    }
}

/// In place of a page that this program was built without, by its names.
pub(crate) fn not_built(zh: &str, en: &str) -> Html {
    Html::new(
        StatusCode::OK,
        format!(
            "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{zh}尚未构建</title>\n\
             <link rel=\"stylesheet\" href=\"/assets/page.css\">\n</head>\n<body>\n<main>\n<div class=\"mark good\">i</div>\n\
             <h1>{zh}尚未构建</h1>\n<p>这个程序编译时没有包含{zh}。运行 <code>make run</code>，或先 <code>make web</code>，\
             再用 <code>--features web</code> 编译。</p>\n<p class=\"english\" lang=\"en\">This build does not contain {en}. \
             Run <code>make run</code>, or <code>make web</code> and then build with <code>--features web</code>.</p>\n\
             </main>\n</body>\n</html>\n"
        ),
    )
}

/// The headers of a page, beside those every answer has.
pub(crate) fn page_headers(headers: &mut HeaderMap, policy: HeaderValue) {
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        PERMISSIONS_POLICY,
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    );
}

/// Text that may stand in an element or in a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            control if control.is_control() && control != '\n' => {
                // Writing to a string does not fail.
                let _ = write!(escaped, "&#xFFFD;");
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// Whether the client wants a page rather than JSON: what stands first in `Accept` decides, nothing means a page.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    let Some(accept) = headers.get(http::header::ACCEPT).and_then(|accept| accept.to_str().ok()) else { return true };
    let position = |kind: &str| accept.find(kind);
    match (position("application/json"), position("text/html")) {
        (Some(json), Some(html)) => html < json,
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// Whether the client names pages in `Accept` before JSON: people's browsers do. For answers that published clients expect
/// as JSON, where saying nothing means JSON.
pub(crate) fn asks_for_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(http::header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html")) && wants_page(headers)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};
    use rstest::rstest;

    use super::{escape, wants_page};

    #[test]
    fn markup_becomes_text() {
        assert_eq!(escape("<script>&\"'\u{0}"), "&lt;script&gt;&amp;&quot;&#39;&#xFFFD;");
        assert_eq!(escape("小明 😀"), "小明 😀");
    }

    #[rstest]
    #[case(None, true)]
    #[case(Some("text/html,application/xhtml+xml,*/*;q=0.8"), true)]
    #[case(Some("*/*"), true)]
    #[case(Some("application/json"), false)]
    #[case(Some("application/json, text/html;q=0.5"), false)]
    #[case(Some("text/html, application/json"), true)]
    fn a_page_unless_json_is_asked_for(#[case] accept: Option<&'static str>, #[case] page: bool) {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert("accept", HeaderValue::from_static(accept));
        }
        assert_eq!(wants_page(&headers), page);
    }
}
