//! `GET /assets/page.css`: the one style sheet of our own pages.

use axum::response::Response;
use http::HeaderMap;

use crate::pages::assets::Asset;

/// The style sheet.
pub(crate) async fn handler(headers: HeaderMap) -> Response {
    Asset::fixed(include_bytes!("../../../assets/page.css"), "text/css; charset=utf-8").answer(&headers)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use crate::testing::World;

    #[tokio::test]
    async fn the_style_sheet_is_sent_once() {
        let world = World::open().await;
        let first = world.get("/assets/page.css").await;
        assert_eq!(first.is(StatusCode::OK).header("content-type"), "text/css; charset=utf-8");
        assert_eq!(first.header("cache-control"), "no-cache");
        let tag = first.header("etag");
        let again = world.request("GET", "/assets/page.css").header("if-none-match", tag).send().await;
        assert_eq!(again.is(StatusCode::NOT_MODIFIED).text(), "");
    }
}
