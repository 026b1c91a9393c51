//! For the people who work with what the service holds.

mod session;
mod user;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(session::begin::handler))
        .routes(routes!(session::read::handler))
        .routes(routes!(session::end::handler))
        .routes(routes!(session::set_up::handler, session::set_up::needed))
        .routes(routes!(session::set_up::look))
        .routes(routes!(session::password::handler))
        .routes(routes!(user::list::handler))
        .routes(routes!(user::list::for_console))
}
