//! `/connect/as`: opens an address as somebody, as when that person taps a link in WeChat.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use url::Url;

use super::finish::{redirect, remember};
use crate::engine::Engine;

#[derive(Deserialize)]
pub(crate) struct Opening {
    persona: String,
    /// Any http(s) address.
    to: String,
}

/// This browser is that person from now on; then it goes to the address.
pub(crate) async fn open(State(engine): State<Arc<Engine>>, Query(opening): Query<Opening>) -> Response {
    if let Err(error) = engine.persona(&opening.persona) {
        return (StatusCode::NOT_FOUND, error.to_string()).into_response();
    }
    let target = Url::parse(&opening.to).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(target) = target else {
        return (StatusCode::BAD_REQUEST, "to must be an http(s) address").into_response();
    };
    engine.touch_persona(&opening.persona);
    let mut response = redirect(target.as_str());
    remember(&mut response, &opening.persona);
    response
}
