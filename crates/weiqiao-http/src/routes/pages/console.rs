//! `GET /console`: the page staff log in at, and its files.

use axum::response::Response;
use http::HeaderMap;

use crate::engine::ApiPath;
use crate::pages::console;

/// The page.
pub(crate) async fn page(headers: HeaderMap) -> Response {
    console::page(&headers)
}

/// One of the page's files.
pub(crate) async fn file(ApiPath(path): ApiPath, headers: HeaderMap) -> Response {
    console::file(&path, &headers)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use crate::testing::World;

    /// T-79: nobody frames it, no script but ours runs in it, and it is not kept.
    #[tokio::test]
    async fn the_page_keeps_to_itself() {
        let world = World::strict().await;
        for path in ["/console", "/console/"] {
            let page = world.get(path).await;
            let policy = page.is(StatusCode::OK).header("content-security-policy").to_owned();
            assert!(policy.contains("frame-ancestors 'none'") && policy.starts_with("default-src 'none'"), "{policy}");
            assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
            assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
            assert!(page.headers().contains_key("strict-transport-security"));
            assert!(!page.text().contains("<script>"), "no inline script");
        }
        world.get("/console/index.html").await.is(StatusCode::NOT_FOUND);
        world.get("/console/../Cargo.toml").await.is(StatusCode::NOT_FOUND);
    }
}
