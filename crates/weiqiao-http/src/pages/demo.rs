//! The demo page: built in `web/apps/demo`, embedded with feature `web`, told the facts of this service by
//! `config.json` because it holds no inline script.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue};
use url::Url;

use super::assets::Asset;
use super::emulated::spellings;
use super::html::{not_built, page_headers};
use crate::AppState;
use crate::engine::ApiError;

/// The page itself, or a page that says how to get it.
pub(crate) fn page(state: &AppState, request: &HeaderMap) -> Response {
    match embedded("index.html") {
        Some(index) => {
            let mut response = index.answer(request);
            match policy(&state.settings().js_sdk_script_url) {
                Ok(policy) => page_headers(response.headers_mut(), policy),
                Err(error) => return ApiError::internal(error).into_response(),
            }
            response
        }
        None => not_built("演示页面", "the demo page").into_response(),
    }
}

/// One of the page's files.
pub(crate) fn file(path: &str, request: &HeaderMap) -> Response {
    match embedded(path) {
        Some(file) if path != "index.html" => file.answer(request),
        _ => ApiError::no_such_path().into_response(),
    }
}

/// Whether the JS-SDK script comes from an emulator instead of WeChat.
pub(crate) fn is_emulated(script: &Url) -> bool {
    !matches!(script.host_str(), Some("res.wx.qq.com" | "res2.wx.qq.com"))
}

/// What the page may load: itself, WeChat's script from the one host that serves it, WeChat's portraits. An emulator
/// also serves portraits, checks signatures on request, and shows the page in its phone.
fn policy(script: &Url) -> Result<HeaderValue, http::header::InvalidHeaderValue> {
    let host = script.origin().ascii_serialization();
    let (emulator, framed_by) = match is_emulated(script) {
        true => (format!(" {}", spellings(script)), spellings(script)),
        false => (String::new(), "'none'".to_owned()),
    };
    HeaderValue::from_str(&format!(
        "default-src 'none'; script-src 'self' {host}; style-src 'self'; \
         img-src 'self' data: https://thirdwx.qlogo.cn https://wx.qlogo.cn{emulator}; connect-src 'self'{emulator}; \
         form-action 'self'; base-uri 'none'; frame-ancestors {framed_by}"
    ))
}

/// What the build left; nothing without feature `web`.
fn embedded(path: &str) -> Option<Asset> {
    #[cfg(feature = "web")]
    {
        #[derive(rust_embed::RustEmbed)]
        #[folder = "$CARGO_MANIFEST_DIR/../../web/apps/demo/dist"]
        struct Dist;
        Asset::built::<Dist>(path)
    }
    #[cfg(not(feature = "web"))]
    {
        let _ = path;
        None
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::policy;

    #[rstest]
    #[case("http://127.0.0.1:3002/open/js/x.js", " http://127.0.0.1:3002 http://localhost:3002")]
    #[case("http://localhost:3002/open/js/x.js", " http://localhost:3002 http://127.0.0.1:3002")]
    #[case("https://wechat.test.example.com/open/js/x.js", " https://wechat.test.example.com")]
    #[case("https://res.wx.qq.com/open/js/x.js", "")]
    fn an_emulator_may_have_either_name_of_this_computer(#[case] script: &str, #[case] hosts: &str) {
        let policy = policy(&script.parse().unwrap()).unwrap();
        let policy = policy.to_str().unwrap();
        assert!(policy.contains(&format!("https://wx.qlogo.cn{hosts}; ")), "{policy}");
        assert!(policy.contains(&format!("connect-src 'self'{hosts}; ")), "{policy}");
        let framed_by = if hosts.is_empty() { " 'none'" } else { hosts };
        assert!(policy.ends_with(&format!("; frame-ancestors{framed_by}")), "{policy}");
        let origin = script.split("/open/").next().unwrap();
        assert!(policy.contains(&format!("script-src 'self' {origin}; ")), "{policy}");
    }
}
