//! The console: built in `web/apps/console`, embedded with feature `web`. It talks to the API and holds no inline script.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::html::{Html, page_headers};
use crate::engine::ApiError;

/// Nothing but itself, and nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page itself, or a page that says how to get it.
pub(crate) fn page(request: &HeaderMap) -> Response {
    let mut response = match embedded::file("index.html") {
        Some(index) => index.answer(request),
        None => Html::new(StatusCode::OK, NOT_BUILT).into_response(),
    };
    page_headers(response.headers_mut(), HeaderValue::from_static(POLICY));
    response
}

/// One of the page's files.
pub(crate) fn file(path: &str, request: &HeaderMap) -> Response {
    match embedded::file(path) {
        Some(file) if path != "index.html" => file.answer(request),
        _ => ApiError::no_such_path().into_response(),
    }
}

const NOT_BUILT: &str = "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>控制台尚未构建</title>\n\
    <link rel=\"stylesheet\" href=\"/assets/page.css\">\n</head>\n<body>\n<main>\n<div class=\"mark good\">i</div>\n\
    <h1>控制台尚未构建</h1>\n<p>这个程序编译时没有包含控制台页面。运行 <code>make run</code>，或先 <code>make web</code>，\
    再用 <code>--features web</code> 编译。</p>\n<p class=\"english\" lang=\"en\">This build does not contain the console. \
    Run <code>make run</code>, or <code>make web</code> and then build with <code>--features web</code>.</p>\n\
    </main>\n</body>\n</html>\n";

#[cfg(feature = "web")]
mod embedded {
    use rust_embed::RustEmbed;

    use crate::pages::assets::{Asset, Caching, tag};

    #[derive(RustEmbed)]
    #[folder = "$CARGO_MANIFEST_DIR/../../web/apps/console/dist"]
    struct Dist;

    pub(super) fn file(path: &str) -> Option<Asset> {
        let file = Dist::get(path)?;
        let kind = file.metadata.mimetype();
        let content_type = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
        // The build puts a hash of the content into the names of everything under assets/.
        let caching = if path.starts_with("assets/") { Caching::Immutable } else { Caching::Revalidate };
        Some(Asset {
            tag: tag(&file.metadata.sha256_hash()),
            content: file.data,
            content_type: content_type.into(),
            caching,
        })
    }
}

#[cfg(not(feature = "web"))]
mod embedded {
    use crate::pages::assets::Asset;

    pub(super) fn file(_path: &str) -> Option<Asset> {
        None
    }
}
