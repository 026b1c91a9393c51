//! 「新建用户」 on the consent page.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;

use super::finish::redirect;
use crate::engine::Engine;
use crate::state::persona::PersonaSeed;

#[derive(Deserialize)]
pub(crate) struct NewPerson {
    nickname: String,
    /// The page to go back to: path and query.
    back: String,
}

/// Adds somebody and goes back with them selected.
pub(crate) async fn add(State(engine): State<Arc<Engine>>, Form(form): Form<NewPerson>) -> Response {
    let nickname = form.nickname.trim();
    // Only our own pages: never send the browser elsewhere.
    let back = form.back.strip_prefix("/connect/").filter(|rest| !rest.contains(['\\', '\n', '\r']));
    let Some(back) = back.filter(|_| !nickname.is_empty()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let seed = PersonaSeed { nickname: Some(nickname.to_owned()), ..PersonaSeed::default() };
    match engine.put_persona(seed) {
        Ok(view) => {
            let joint = if back.contains('?') { '&' } else { '?' };
            redirect(&format!("/connect/{back}{joint}_persona={}", view.persona.id))
        }
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    }
}
