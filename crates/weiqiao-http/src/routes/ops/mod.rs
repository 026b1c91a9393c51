//! For those who run the service.

mod api_docs;
mod health;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    let router = health_routes().routes(routes!(api_docs::document::handler));
    #[cfg(feature = "docs")]
    let router = router.merge(api_docs::page::routes());
    router
}

/// What is asked of every process, also of one without a public listener.
pub(crate) fn health_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(health::report::handler))
        .routes(routes!(health::word::handler))
        .routes(routes!(health::live::handler))
        .routes(routes!(health::ready::handler))
}
