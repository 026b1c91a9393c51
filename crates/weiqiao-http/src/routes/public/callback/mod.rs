//! What WeChat pushes to us: `/wx`, and `/wx/{account}` for every account but the default one.
//!
//! Neither answers in the envelope: WeChat reads the body.

pub(super) mod receive;
pub(super) mod verify;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use weixin_proto::callback::{Query, Refused};

const TEXT: &str = "text/plain; charset=utf-8";
const XML: &str = "application/xml; charset=utf-8";
const JSON: &str = "application/json";

/// The decoded query. What the codec does not know is left alone.
fn query(raw: &str) -> Result<Query<'_>, Refused> {
    Query::parse(raw)
}

/// The account in the path; nobody's name when it cannot be read.
fn name(account: Result<Path<String>, PathRejection>) -> String {
    account.map(|Path(name)| name).unwrap_or_default()
}

/// An answer without envelope.
fn plain(status: StatusCode, kind: &'static str, body: String) -> Response {
    (status, [(CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
}

/// The one answer to everything that is not authentic.
fn forbidden() -> Response {
    plain(StatusCode::FORBIDDEN, TEXT, String::new())
}
