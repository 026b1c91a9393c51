//! The phone page, built from `web/apps/phone` and embedded.

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::response::Response;
use axum::routing::get;
use rust_embed::RustEmbed;

use super::assets;
use crate::engine::Engine;

#[derive(RustEmbed)]
#[folder = "../../web/apps/phone/dist"]
struct Dist;

/// Own scripts and styles only; the phone's browser frames pages from anywhere, its mini program calls the service wherever
/// it is.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' http: https: data:; \
                      connect-src 'self' http: https:; frame-src http: https:; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'";

fn respond(path: &str) -> Response {
    match Dist::get(path) {
        Some(file) => {
            let mut response = assets::file("text/html; charset=utf-8", file.data.into_owned());
            let headers = response.headers_mut();
            if path.starts_with("assets/") {
                if let Ok(content_type) = HeaderValue::from_str(file.metadata.mimetype()) {
                    headers.insert(CONTENT_TYPE, content_type);
                }
                headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
            } else {
                headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
                headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            }
            response
        }
        None => assets::file("text/plain; charset=utf-8", "the phone page is not built: run `npm run build` in web/"),
    }
}

/// One route per built file, and the page itself at `/`.
pub(crate) fn routes(mut router: Router<Arc<Engine>>) -> Router<Arc<Engine>> {
    for path in Dist::iter().filter(|path| path != "index.html") {
        router = router.route(&format!("/{path}"), get(move || async move { respond(&path) }));
    }
    router.route("/", get(|| async { respond("index.html") }))
}
