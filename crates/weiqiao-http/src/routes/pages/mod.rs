//! What people see.

mod console;
mod demo;
mod favicon;
mod me;
mod script;
mod style;

use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;

use crate::AppState;

/// Pages are not part of the API description.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .route("/wechat/frontend-driven", get(demo::page))
        .route("/wechat/demo", get(demo::page))
        .route("/wechat/demo/config.json", get(demo::config))
        .route("/wechat/demo/{*path}", get(demo::file))
        .route("/console", get(console::page))
        .route("/console/", get(console::page))
        .route("/console/{*path}", get(console::file))
        .route("/wechat/me", get(me::handler))
        .route("/favicon.ico", get(favicon::handler))
        .route("/assets/handover.js", get(script::handler))
        .route("/assets/page.css", get(style::handler))
}
