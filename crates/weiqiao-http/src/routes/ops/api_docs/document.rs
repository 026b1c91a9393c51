//! `GET /openapi.json`: what `weiqiao openapi` prints and `docs/openapi.json` holds.

use std::sync::LazyLock;

use axum::response::Response;
use http::HeaderMap;

use crate::pages::assets::Asset;

/// The OpenAPI 3.1 description, generated from the handlers.
#[utoipa::path(
    get, path = "/openapi.json", tag = "ops", operation_id = "openapi",
    responses((status = 200, description = "the description", body = serde_json::Value, content_type = "application/json")),
)]
pub(crate) async fn handler(headers: HeaderMap) -> Response {
    static DOCUMENT: LazyLock<String> = LazyLock::new(crate::openapi_json);
    Asset::fixed(DOCUMENT.as_bytes(), "application/json").answer(&headers)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use crate::testing::World;

    #[tokio::test]
    async fn the_description_is_served_once_and_lists_the_documented_paths() {
        let world = World::open().await;
        let answer = world.get("/openapi.json").await;
        answer.is(StatusCode::OK);
        let paths = &answer.json()["paths"];
        for path in ["/api/wechat/auth", "/api/user/{openid}", "/wechat/jsconfig", "/wx/share", "/api/admin/api-keys"] {
            assert!(paths[path].is_object(), "{path}");
        }
        let tag = answer.header("etag").to_owned();
        world.request("GET", "/openapi.json").header("if-none-match", &tag).send().await.is(StatusCode::NOT_MODIFIED);
    }
}
