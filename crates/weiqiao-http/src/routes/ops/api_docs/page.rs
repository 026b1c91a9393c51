//! `GET /docs`: the description for people, with nothing fetched from anywhere else.

use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::HeaderValue;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};

use crate::engine::{ApiError, ApiPath};
use crate::pages::html::page_headers;
use crate::routes::Undescribed;

/// The page styles its elements from script; it loads nothing but its own files.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Vec<Undescribed> {
    vec![
        ("/docs".into(), get(|| async { Redirect::to("/docs/") })),
        ("/docs/".into(), get(|| async { page() })),
        ("/docs/{*path}".into(), get(|ApiPath(path): ApiPath| async move { file(&path) })),
    ]
}

/// The page itself: ours, because the one that comes with the files is not made for phones.
const PAGE: &str = concat!(
    "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
    "<meta name=\"robots\" content=\"noindex\">\n<title>微桥 接口文档 Weiqiao API</title>\n",
    "<link rel=\"stylesheet\" href=\"swagger-ui.css\">\n<link rel=\"stylesheet\" href=\"index.css\">\n",
    "<link rel=\"icon\" type=\"image/png\" href=\"favicon-32x32.png\" sizes=\"32x32\">\n</head>\n<body>\n",
    "<div id=\"swagger-ui\"></div>\n<script src=\"swagger-ui-bundle.js\"></script>\n",
    "<script src=\"swagger-ui-standalone-preset.js\"></script>\n<script src=\"swagger-initializer.js\"></script>\n",
    "</body>\n</html>\n"
);

fn page() -> Response {
    let mut response = PAGE.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    page_headers(headers, HeaderValue::from_static(POLICY));
    response
}

fn file(path: &str) -> Response {
    if path == "index.html" {
        return page();
    }
    let config = utoipa_swagger_ui::Config::from("/openapi.json").display_operation_id(true).validator_url("none");
    let file = match utoipa_swagger_ui::serve(path, Arc::new(config)) {
        Ok(Some(file)) => file,
        Ok(None) => return ApiError::no_such_path().into_response(),
        Err(error) => return ApiError::internal(error).into_response(),
    };
    let gzipped = file.gzpipped;
    let Ok(content_type) = HeaderValue::from_str(&file.content_type) else {
        return ApiError::internal("a file of the API page has no content type").into_response();
    };
    let mut response = file.bytes.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, content_type);
    if gzipped {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    page_headers(headers, HeaderValue::from_static(POLICY));
    response
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use crate::testing::World;

    #[tokio::test]
    async fn the_page_loads_only_its_own_files() {
        let world = World::open().await;
        assert_eq!(world.get("/docs").await.is(StatusCode::SEE_OTHER).header("location"), "/docs/");
        let page = world.get("/docs/").await;
        page.is(StatusCode::OK);
        assert!(page.header("content-security-policy").starts_with("default-src 'none'; script-src 'self';"));
        for line in page.text().lines().filter(|line| line.contains("src=") || line.contains("href=")) {
            assert!(!line.contains("//"), "{line}");
        }
        assert!(page.text().contains("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"));
        assert_eq!(world.get("/docs/index.html").await.is(StatusCode::OK).text(), page.text());
        for file in
            page.text().split(['"']).filter(|part| [".js", ".css", ".png"].iter().any(|end| part.ends_with(end)))
        {
            world.get(&format!("/docs/{file}")).await.is(StatusCode::OK);
        }
        let script = world.get("/docs/swagger-initializer.js").await;
        assert!(script.is(StatusCode::OK).text().contains("/openapi.json"), "{}", script.text());
        world.get("/docs/swagger-ui-bundle.js").await.is(StatusCode::OK);
        world.get("/docs/nothing.js").await.is(StatusCode::NOT_FOUND);
    }
}
