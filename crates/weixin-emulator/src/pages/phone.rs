//! The phone page, built from `web/apps/phone` and embedded.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header::CACHE_CONTROL, header::CONTENT_TYPE};
use axum::response::Response;
use axum::routing::get;
use rust_embed::RustEmbed;

use super::assets;
use crate::engine::Engine;

#[derive(RustEmbed)]
#[folder = "../../web/apps/phone/dist"]
struct Dist;

fn respond(path: &str) -> Response {
    match Dist::get(path) {
        Some(file) => {
            let mut response = assets::file("text/html; charset=utf-8", file.data.into_owned());
            if let Ok(content_type) = HeaderValue::from_str(file.metadata.mimetype()) {
                response.headers_mut().insert(CONTENT_TYPE, content_type);
            }
            if path.starts_with("assets/") {
                let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
                response.headers_mut().insert(CACHE_CONTROL, forever);
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
