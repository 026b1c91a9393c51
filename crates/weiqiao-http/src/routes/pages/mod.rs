//! What people see.

mod console;
mod demo;
mod favicon;
mod front;
mod me;
mod missing;
mod script;
mod style;

use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get};
use http::header::VARY;
use http::{HeaderMap, HeaderValue, Method};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Undescribed, not_by_head};
use crate::AppState;
use crate::engine::ApiError;
use crate::pages::html::asks_for_page;

/// The page that is part of the API description, because it begins a login.
pub(crate) fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(not_by_head(routes!(me::handler)))
}

/// What nobody can find.
pub(crate) fn missing() -> MethodRouter<AppState> {
    any(missing::handler)
}

/// What could be read if it were there: other methods are wrong in any case.
pub(crate) fn missing_file() -> MethodRouter<AppState> {
    get(missing::handler)
}

/// The other pages are not part of it.
pub(crate) fn routes() -> Vec<Undescribed> {
    vec![
        ("/".into(), any(front::handler)),
        ("/wechat/frontend-driven".into(), get(demo::page)),
        ("/wechat/demo".into(), get(demo::page)),
        ("/wechat/demo/config.json".into(), get(demo::config)),
        ("/wechat/demo/{*path}".into(), get(demo::file)),
        ("/console".into(), get(console::page)),
        ("/console/".into(), get(console::page)),
        ("/console/{*path}".into(), get(console::file)),
        ("/favicon.ico".into(), get(favicon::handler)),
        ("/assets/handover.js".into(), get(script::handler)),
        ("/assets/page.css".into(), get(style::handler)),
    ]
}

/// A page for people's browsers where they read; for everybody else there is nothing here.
fn page_or_nothing<P: IntoResponse>(method: &Method, headers: &HeaderMap, page: impl FnOnce() -> P) -> Response {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let mut response = match reads && asks_for_page(headers) {
        true => page().into_response(),
        false => ApiError::no_such_path().into_response(),
    };
    if reads {
        response.headers_mut().append(VARY, HeaderValue::from_static("accept"));
    }
    response
}
