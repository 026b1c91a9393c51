//! `GET /favicon.ico`: what browsers ask for beside every page. A drawing; they go by its type, not by the name.

use axum::response::Response;
use http::HeaderMap;

use crate::pages::assets::Asset;

pub(crate) async fn handler(headers: HeaderMap) -> Response {
    Asset::fixed(include_bytes!("../../../assets/favicon.svg"), "image/svg+xml").answer(&headers)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use crate::testing::World;

    #[tokio::test]
    async fn browsers_get_a_picture() {
        let world = World::open().await;
        let answer = world.get("/favicon.ico").await;
        assert_eq!(answer.is(StatusCode::OK).header("content-type"), "image/svg+xml");
        assert!(answer.text().starts_with("<svg"), "{answer:?}");
    }
}
