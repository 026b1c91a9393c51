//! The control API, `/_emulator/…`: everything the pages do, as plain JSON.
//!
//! One file per noun. Errors are `{"error": "…"}` with 400, 403 or 404.

mod accounts;
mod answer;
mod callbacks;
mod clock;
mod deliveries;
mod errcodes;
mod events;
mod faults;
mod guard;
mod index;
mod jssdk;
mod ledger;
mod login_pages;
mod messages;
mod open_data;
mod personas;
mod settings;
mod staff;
mod state;
mod subscriptions;
mod templates;
mod tokens;
mod wait;

pub(crate) use guard::known_host;
pub(crate) use index::show as index;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::{delete, get, post};

use crate::engine::Engine;

/// All control calls, without the `/_emulator` prefix.
pub(crate) fn router() -> Router<Arc<Engine>> {
    Router::new()
        .route("/", get(index))
        .route("/state", get(state::show))
        .route("/reset", post(state::reset))
        .route("/snapshot", post(state::snapshot))
        .route("/restore", post(state::restore))
        .route("/settings", get(settings::show).post(settings::change))
        .route("/accounts", get(accounts::list).post(accounts::put))
        .route("/accounts/{name}", get(accounts::show).delete(accounts::remove))
        .route("/accounts/{name}/callback", post(callbacks::set))
        .route("/accounts/{name}/verify", post(callbacks::verify))
        .route("/accounts/{name}/menu", get(callbacks::menu))
        .route("/callback-kinds", get(callbacks::kinds))
        .route("/deliveries", get(deliveries::list))
        .route("/personas", get(personas::list).post(personas::put))
        .route("/personas/{id}", get(personas::show))
        .route("/personas/{id}/codes", post(personas::code))
        .route("/personas/{id}/follow", post(deliveries::follow))
        .route("/personas/{id}/unfollow", post(deliveries::unfollow))
        .route("/personas/{id}/messages", get(messages::list).post(deliveries::message))
        .route("/personas/{id}/events", post(deliveries::event))
        .route("/personas/{id}/scan", post(deliveries::scan))
        .route("/personas/{id}/password", post(personas::password))
        .route("/personas/{id}/staff", post(staff::act))
        .route("/personas/{id}/subscriptions", post(templates::subscribe))
        .route("/personas/{id}/subscription-requests", post(subscriptions::ask))
        .route("/personas/{id}/subscription-settings", get(subscriptions::show).post(subscriptions::change))
        .route("/personas/{id}/open-data", post(open_data::seal))
        .route("/personas/{id}/payments", post(open_data::pay))
        .route("/templates", get(templates::list).post(templates::put))
        .route("/certificates", get(accounts::certificates))
        .route("/ledger", get(ledger::list))
        .route("/quotas", get(ledger::quotas).post(ledger::set_quota))
        .route("/faults", get(faults::list).post(faults::add).delete(faults::clear))
        .route("/faults/{id}", delete(faults::remove))
        .route("/clock", get(clock::show).post(clock::change))
        .route("/tokens/steal", post(tokens::steal))
        .route("/login-pages/{uuid}/scan", post(login_pages::scan))
        .route("/login-pages/{uuid}/decide", post(login_pages::decide))
        .route("/jssdk/verify", post(jssdk::verify))
        .route("/shares", get(jssdk::shares).post(jssdk::share))
        .route("/errcodes", get(errcodes::list))
        .route("/events", get(events::stream))
        .fallback(answer::unknown)
        .method_not_allowed_fallback(answer::wrong_method)
        .layer(middleware::from_fn(guard::own_page))
}
