//! Files of the pages and the two scripts developers load from WeChat's hosts.

use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! asset {
    ($file:literal) => {
        include_bytes!(concat!("../../assets/", $file))
    };
}

/// The pages' own files.
const FILES: [(&str, &str, &[u8]); 6] = [
    ("page.css", CSS, asset!("page.css")),
    ("consent.js", JS, asset!("consent.js")),
    ("redirect.js", JS, asset!("redirect.js")),
    ("qrconnect.js", JS, asset!("qrconnect.js")),
    ("panel.js", JS, asset!("panel.js")),
    ("icon.svg", SVG, asset!("icon.svg")),
];

/// A file with its type; not cached for long, so that a new emulator shows its new pages.
pub(crate) fn file(content_type: &'static str, bytes: impl Into<Body>) -> Response {
    let mut response = Response::new(bytes.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn open(mut response: Response) -> Response {
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// `/_page/{file}`
pub(crate) async fn page(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(file, ..)| *file == name) {
        Some((_, content_type, bytes)) => file(content_type, *bytes),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `/favicon.ico`, which browsers ask for unasked; it must not count as an API call.
pub(crate) async fn icon() -> Response {
    file(SVG, asset!("icon.svg").as_slice())
}

/// `/open/js/jweixin-1.6.0.js`: our own script with the same interface. Every version number gets it.
pub(crate) async fn jweixin(Path(name): Path<String>) -> Response {
    if name.starts_with("jweixin-") && name.ends_with(".js") {
        open(file(JS, asset!("jweixin.js").as_slice()))
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

/// `/connect/zh_CN/htmledition/js/wxLogin.js`: the embedded QR login.
pub(crate) async fn wx_login() -> Response {
    open(file(JS, asset!("wxLogin.js").as_slice()))
}
