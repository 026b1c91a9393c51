//! `GET /assets/handover.js`: what the page with the QR code asks and says.

use axum::response::Response;
use http::HeaderMap;

use crate::pages::assets::Asset;

/// The script.
pub(crate) async fn handler(headers: HeaderMap) -> Response {
    let kind = "text/javascript; charset=utf-8";
    Asset::fixed(include_bytes!("../../../assets/handover.js"), kind).answer(&headers)
}
