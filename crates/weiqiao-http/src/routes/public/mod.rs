//! For web pages, mini programs and the servers behind them.

mod advisor;
mod callback;
mod customer;
mod handover;
mod jssdk;
mod login;
mod login_instance;
mod message;
mod mini;
pub(crate) mod mp_verify;
mod session;
pub(crate) mod user;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::not_by_head;
use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(login::exchange::handler))
        .routes(not_by_head(routes!(login::authorize_url::handler)))
        .routes(not_by_head(routes!(login::start::handler)))
        .routes(not_by_head(routes!(login::callback::handler)))
        .routes(routes!(login::token::handler))
        .routes(routes!(user::read::handler))
        .routes(routes!(session::read::handler))
        .routes(routes!(session::end::handler))
        .routes(routes!(jssdk::config::handler))
        .routes(routes!(jssdk::config::alias))
        .routes(routes!(jssdk::share::handler))
        .routes(routes!(mini::openid::handler))
        .routes(routes!(mini::token::handler))
        .routes(routes!(mini::phone::handler))
        .routes(routes!(mini::decrypt::handler))
        .routes(routes!(advisor::subscribe::handler))
        .routes(routes!(customer::action::handler))
        .routes(routes!(login_instance::config::handler))
        .routes(not_by_head(routes!(login_instance::login::handler)))
        .routes(not_by_head(routes!(login_instance::callback::handler)))
        .routes(routes!(login_instance::user_info::handler))
        .routes(routes!(login_instance::access_token::handler))
        .routes(routes!(login_instance::refresh_token::handler))
        .routes(not_by_head(routes!(handover::scan::handler, handover::decide::handler)))
        .routes(routes!(handover::status::handler))
        .routes(not_by_head(routes!(handover::finish::handler)))
        .routes(routes!(message::send::handler))
}

/// What WeChat itself asks for, as often as it likes.
pub(crate) fn unlimited() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(callback::verify::handler, callback::receive::handler))
        .routes(routes!(callback::verify::named, callback::receive::named))
        .merge(mp_verify::description())
}
