//! `/cgi-bin/showqrcode`: the picture of a QR code with a scene, a JPEG as WeChat serves it.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use qrcode::QrCode;
use serde::Deserialize;

use super::assets;
use crate::engine::Engine;
use crate::picture::jpeg;

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    ticket: String,
}

/// No token is needed; an unknown or dead ticket is 404.
pub(crate) async fn show(State(engine): State<Arc<Engine>>, Query(asked): Query<Asked>) -> Response {
    let Some(url) = engine.qr_code_url(&asked.ticket) else { return StatusCode::NOT_FOUND.into_response() };
    match QrCode::new(url.as_bytes()) {
        Ok(code) => assets::file("image/jpg", jpeg(&code)),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
