//! The one envelope.
//!
//! A handler answers with [`Envelope`] or fails with [`ApiError`](super::ApiError). Both end with the time and the request id,
//! which the [edge](super::edge) knows and says whose turn it is.

use std::borrow::Cow;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ApiError, current, headers};

/// What nearly every success says.
const SUCCESS: &str = "success";

/// A successful answer: 200 unless said otherwise, `message: "success"` unless said otherwise.
#[derive(Debug)]
pub struct Envelope<T> {
    status: StatusCode,
    message: Cow<'static, str>,
    data: T,
}

impl<T> Envelope<T> {
    /// `data` under `message: "success"`.
    pub fn of(data: T) -> Self {
        Self::with_message(SUCCESS, data)
    }

    /// `data` under a documented text.
    pub fn with_message(message: impl Into<Cow<'static, str>>, data: T) -> Self {
        Self { status: StatusCode::OK, message: message.into(), data }
    }

    /// The same with another success status, such as 201.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

impl<T: Serialize> IntoResponse for Envelope<T> {
    fn into_response(self) -> Response {
        let mut json = Vec::with_capacity(512);
        let written = open(&mut json, true, self.status, &self.message).and_then(|()| {
            json.extend_from_slice(b",\"data\":");
            serde_json::to_writer(&mut json, &self.data)
        });
        match written {
            Ok(()) => finished(self.status, json),
            Err(error) => ApiError::internal(error).into_response(),
        }
    }
}

/// Writes the head that successes and failures share.
pub(super) fn open(
    json: &mut Vec<u8>,
    success: bool,
    status: StatusCode,
    message: &str,
) -> Result<(), serde_json::Error> {
    json.extend_from_slice(if success { b"{\"success\":true,\"code\":" } else { b"{\"success\":false,\"code\":" });
    json.extend_from_slice(status.as_str().as_bytes());
    json.extend_from_slice(b",\"message\":");
    if message == SUCCESS {
        json.extend_from_slice(b"\"success\"");
        return Ok(());
    }
    serde_json::to_writer(json, message)
}

/// The response that carries an envelope, which gets its end here.
pub(super) fn finished(status: StatusCode, mut json: Vec<u8>) -> Response {
    let headers = current::with(|request| {
        let request = request?;
        json.extend_from_slice(b",\"timestamp\":");
        // Into memory, so it cannot fail.
        let _ = serde_json::to_writer(&mut json, &request.state.now_ms());
        // A request id needs no escaping: its characters were checked.
        json.extend_from_slice(b",\"request_id\":\"");
        json.extend_from_slice(request.context.request_id.as_str().as_bytes());
        json.push(b'"');
        Some(request.state.edge().json_headers.clone())
    });
    json.push(b'}');
    let mut headers = headers.unwrap_or_else(|| headers::of_json(false));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(json.len()));
    let mut response = Response::new(Body::from(json));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// The envelope of a success, for the API description.
#[derive(Debug, Serialize, ToSchema)]
pub struct Success<T> {
    /// Always `true`.
    #[schema(example = true)]
    pub success: bool,
    /// The HTTP status.
    #[schema(example = 200)]
    pub code: u16,
    /// `success`, or the text documented for the call.
    #[schema(example = "success")]
    pub message: String,
    /// What was asked for.
    pub data: T,
    /// Epoch milliseconds.
    #[schema(example = 1_757_062_690_123_i64)]
    pub timestamp: i64,
    /// Equal to the `x-request-id` response header.
    #[schema(example = "k3v9x0q2-0000002a")]
    pub request_id: String,
}

/// The envelope of a failure, for the API description.
#[derive(Debug, Serialize, ToSchema)]
pub struct Failure {
    /// Always `false`.
    #[schema(example = false)]
    pub success: bool,
    /// The HTTP status.
    #[schema(example = 400)]
    pub code: u16,
    /// What happened, in Chinese.
    #[schema(
        example = "请求参数错误: Key: 'WechatAuthRequest.Code' Error:Field validation for 'Code' failed on the 'required' tag"
    )]
    pub message: String,
    /// What a program can act on.
    pub error: FailureDetail,
    /// Epoch milliseconds.
    #[schema(example = 1_757_062_690_123_i64)]
    pub timestamp: i64,
    /// Equal to the `x-request-id` response header.
    #[schema(example = "k3v9x0q2-0000002a")]
    pub request_id: String,
}

/// The `error` object of a failure.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct FailureDetail {
    /// A stable upper-case word.
    #[schema(example = "VALIDATION_FAILED")]
    pub code: Cow<'static, str>,
    /// One entry per field that is wrong; empty when no field is to blame.
    pub details: Vec<FieldDetail>,
    /// WeChat's error number, where WeChat refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errcode: Option<i64>,
    /// WeChat's text, where WeChat refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errmsg: Option<String>,
    /// WeChat's own request id, when it gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rid: Option<String>,
    /// Cause and next step, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Whether the same request may succeed later. `false` beside a `Retry-After`: this one will not, because its code may have
    /// been spent; a login begun anew may, after that time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retryable: Option<bool>,
}

/// One field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldDetail {
    /// The field as it is named on the wire.
    #[schema(example = "code")]
    pub field: Cow<'static, str>,
    /// The rule it breaks: `required`, `type`, `max`, `format`, `duplicate`.
    #[schema(example = "required")]
    pub rule: &'static str,
    /// The rule in Chinese.
    #[schema(example = "code 不能为空")]
    pub message: String,
}
