//! The console: built in `web/apps/console`, embedded with feature `web`. It talks to the API and holds no inline script.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue};

use super::assets::Asset;
use super::html::{not_built, page_headers};
use crate::engine::ApiError;

/// Nothing but itself, and nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page itself, or a page that says how to get it.
pub(crate) fn page(request: &HeaderMap) -> Response {
    let mut response = match embedded("index.html") {
        Some(index) => index.answer(request),
        None => not_built("控制台", "the console").into_response(),
    };
    page_headers(response.headers_mut(), HeaderValue::from_static(POLICY));
    response
}

/// One of the page's files.
pub(crate) fn file(path: &str, request: &HeaderMap) -> Response {
    match embedded(path) {
        Some(file) if path != "index.html" => file.answer(request),
        _ => ApiError::no_such_path().into_response(),
    }
}

/// What the build left; nothing without feature `web`.
fn embedded(path: &str) -> Option<Asset> {
    #[cfg(feature = "web")]
    {
        #[derive(rust_embed::RustEmbed)]
        #[folder = "$CARGO_MANIFEST_DIR/../../web/apps/console/dist"]
        struct Dist;
        Asset::built::<Dist>(path)
    }
    #[cfg(not(feature = "web"))]
    {
        let _ = path;
        None
    }
}
