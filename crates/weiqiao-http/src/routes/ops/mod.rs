//! For those who run the service.

mod api_docs;
mod health;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Undescribed;
use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    health_routes().routes(routes!(api_docs::document::handler))
}

/// The description for people, where it was built in.
pub(crate) fn pages() -> Vec<Undescribed> {
    #[cfg(feature = "docs")]
    return api_docs::page::routes();
    #[cfg(not(feature = "docs"))]
    Vec::new()
}

/// What is asked of every process, also of one without a public listener.
pub(crate) fn health_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(health::report::handler))
        .routes(routes!(health::word::handler))
        .routes(routes!(health::live::handler))
        .routes(routes!(health::ready::handler))
}
