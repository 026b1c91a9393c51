//! How control calls read and answer JSON.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http::{Method, StatusCode, Uri};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::engine::ControlError;

/// Largest body: a snapshot of a large world.
const LIMIT: usize = 64 * 1024 * 1024;

/// A failed control call.
#[derive(Debug)]
pub(crate) struct Failed(StatusCode, String);

impl Failed {
    pub(crate) fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self(status, text.into())
    }
}

impl From<ControlError> for Failed {
    fn from(error: ControlError) -> Self {
        let status = match error {
            ControlError::Invalid(_) => StatusCode::BAD_REQUEST,
            ControlError::NotFound(_) => StatusCode::NOT_FOUND,
        };
        Self(status, error.to_string())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        with_status(self.0, &json!({ "error": self.1 }))
    }
}

/// What a control handler gives back.
pub(crate) type Answer = Result<Response, Failed>;

/// 200 with this as JSON.
pub(crate) fn json_of(value: &impl Serialize) -> Answer {
    Ok(with_status(StatusCode::OK, value))
}

fn with_status(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => {
            let headers = [(CONTENT_TYPE, "application/json; charset=utf-8"), (CACHE_CONTROL, "no-store")];
            (status, headers, Body::from(body)).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// A JSON body whatever its content type; an empty body is `{}`.
pub(crate) struct In<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for In<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failed> {
        let too_large = |_| Failed::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large");
        let body = to_bytes(request.into_body(), LIMIT).await.map_err(too_large)?;
        let body: &[u8] = if body.iter().all(u8::is_ascii_whitespace) { b"{}" } else { &body };
        let misfit = |error: &dyn std::fmt::Display| {
            Failed::new(StatusCode::BAD_REQUEST, format!("the body does not fit: {error}"))
        };
        let body: Value = serde_json::from_slice(body).map_err(|error| misfit(&error))?;
        if !body.is_object() {
            return Err(misfit(&"it must be a JSON object"));
        }
        serde_json::from_value(body).map(Self).map_err(|error| misfit(&error))
    }
}

/// The query of a call.
pub(crate) struct Asking<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Asking<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        Query::try_from_uri(&parts.uri).map(|Query(asked)| Self(asked)).map_err(|error| {
            let text = error.body_text();
            let why = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
            Failed::new(StatusCode::BAD_REQUEST, format!("the query does not fit: {why}"))
        })
    }
}

/// 404.
pub(crate) async fn unknown(uri: Uri) -> Failed {
    let text = format!("there is no control call /_emulator{}; the README of weixin-emulator lists them", uri.path());
    Failed::new(StatusCode::NOT_FOUND, text)
}

/// 405.
pub(crate) async fn wrong_method(method: Method, uri: Uri) -> Failed {
    Failed::new(StatusCode::METHOD_NOT_ALLOWED, format!("/_emulator{} does not take {method}", uri.path()))
}
