//! What is different where WeChat is an emulator's: its phone shows our pages in a frame, and it serves portraits.

use axum::response::Response;
use http::HeaderValue;
use http::header::CONTENT_SECURITY_POLICY;
use url::Url;

use crate::AppState;

/// Whether the consent page is not WeChat's own.
pub(crate) fn is_emulated(state: &AppState) -> bool {
    state.app().weixin().bases().open().host_str() != Some("open.weixin.qq.com")
}

/// Where the emulator shows its phones.
pub(crate) fn emulator(state: &AppState) -> Url {
    state.app().weixin().bases().open().clone()
}

/// The origin of an address for a policy, and, on this computer, the other spelling of it: browsers take `localhost` and
/// `127.0.0.1` for two, people for one.
pub(crate) fn spellings(address: &Url) -> String {
    let origin = address.origin().ascii_serialization();
    let other = match address.host_str() {
        Some("localhost") => "127.0.0.1",
        Some("127.0.0.1") => "localhost",
        _ => return origin,
    };
    let port = address.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{origin} {}://{other}{port}", address.scheme())
}

/// Lets the emulator's phone show the page, and the page its portraits. In front of WeChat itself nothing changes.
pub(crate) fn phone_policy(state: &AppState, mut response: Response) -> Response {
    if is_emulated(state) {
        let origins = spellings(&emulator(state));
        let policy = response.headers().get(CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
        let framed = policy.map(|policy| {
            let framed = policy.replace("frame-ancestors 'none'", &format!("frame-ancestors {origins}"));
            framed.replace("https://wx.qlogo.cn", &format!("https://wx.qlogo.cn {origins}"))
        });
        if let Some(policy) = framed.and_then(|policy| HeaderValue::from_str(&policy).ok()) {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
    }
    response
}
