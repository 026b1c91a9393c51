//! How a failure is answered. One type, and one function that turns a use case's error into it.

use std::borrow::Cow;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use weiqiao_app::error::{AppError, Dependency, ErrorKind};

use super::envelope::{self, FailureDetail, FieldDetail};

/// A failure on its way to the client. One pointer wide, so that a `Result` stays small.
#[derive(Debug)]
pub struct ApiError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    status: StatusCode,
    message: Cow<'static, str>,
    error: FailureDetail,
    retry_after: Option<Duration>,
    close: bool,
}

impl ApiError {
    /// A failure with a stable upper-case word and a text for people.
    pub fn new(status: StatusCode, code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            status,
            message: message.into(),
            error: FailureDetail { code: code.into(), ..FailureDetail::default() },
            retry_after: None,
            close: false,
        }))
    }

    /// 400: the request is wrong; `text` says how, `details` names the fields.
    #[must_use]
    pub fn validation(text: &str, details: Vec<FieldDetail>) -> Self {
        let mut error = Self::bad_request("VALIDATION_FAILED", format!("请求参数错误: {text}"));
        error.0.error.details = details;
        error
    }

    /// 400 with a word of its own.
    pub fn bad_request(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 401: no valid credential.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "未登录或登录已过期")
    }

    /// 403: not allowed.
    pub fn forbidden(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    /// 404 for a path that does not exist.
    #[must_use]
    pub fn no_such_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "接口不存在")
    }

    /// 405 for a path that exists.
    #[must_use]
    pub fn wrong_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "请求方法不允许")
    }

    /// 408: the body did not arrive in time. The connection is of no more use.
    #[must_use]
    pub fn body_timeout() -> Self {
        let mut error = Self::new(StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT", "请求体接收超时");
        error.0.close = true;
        error
    }

    /// 413: the body is longer than `limit` bytes. The rest of it is not read.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        let text = format!("请求体过大，上限为 {} KiB", limit / 1024);
        let mut error = Self::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", text);
        error.0.close = true;
        error
    }

    /// 415: the endpoint wants another content type.
    #[must_use]
    pub fn unsupported_media_type(wanted: &str) -> Self {
        let text = format!("Content-Type 必须是 {wanted}");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", text)
    }

    /// 415: the body is compressed. The rest of it is not read.
    #[must_use]
    pub fn encoded_body() -> Self {
        let text = "不接受压缩过的请求体（Content-Encoding）";
        let mut error = Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", text);
        error.0.close = true;
        error.hint("请关闭客户端的请求压缩：去掉 Content-Encoding 请求头（或写 identity），按原样发送请求体")
    }

    /// Says in the headers of a page when the next try may succeed, where that is known; the envelope says it by itself.
    pub(crate) fn say_when(&self, headers: &mut HeaderMap) {
        say_when(self.0.retry_after, headers);
    }

    /// 429: too many; the next try may succeed after this long.
    #[must_use]
    pub fn too_many(retry_after: Duration) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS", "请求过于频繁，请稍后再试")
            .retry_after(retry_after)
    }

    /// 500: a bug. The source goes to the log, a fixed text to the client.
    pub fn internal(source: impl std::fmt::Display) -> Self {
        tracing::error!(error = %source, "internal error");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", "服务器内部错误")
    }

    /// 503: we cannot do it now.
    pub fn unavailable(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message).retry_after(Duration::from_secs(1))
    }

    /// Adds the cause and the next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.error.hint = Some(hint.into());
        self
    }

    /// Adds when the next try may succeed.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable upper-case word.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.error.code
    }

    /// What people read.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What people read about the cause and the next step.
    #[must_use]
    pub fn hint_text(&self) -> Option<&str> {
        self.0.error.hint.as_deref()
    }
}

/// The one place that decides which status a use case's error gets.
impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        let status = match error.kind() {
            ErrorKind::Invalid(_) => StatusCode::BAD_REQUEST,
            ErrorKind::Unauthorized => StatusCode::UNAUTHORIZED,
            ErrorKind::Forbidden => StatusCode::FORBIDDEN,
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Conflict => StatusCode::CONFLICT,
            ErrorKind::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            // WeChat is away, which passes; a refusal is a 500 by contract.
            ErrorKind::WeChat(_) if error.retry_after().is_some() => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::WeChat(_) | ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            ErrorKind::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        log(&error, status);
        let mut answer = Self::new(status, error.code().to_owned(), error.message().to_owned());
        let detail = &mut answer.0.error;
        detail.hint = error.hint().map(str::to_owned);
        match error.kind() {
            ErrorKind::Invalid(problems) => {
                detail.details = problems
                    .iter()
                    .map(|problem| FieldDetail {
                        field: problem.field.clone(),
                        rule: problem.rule,
                        message: problem.message.clone(),
                    })
                    .collect();
            }
            ErrorKind::TooMany { retry_after } => answer.0.retry_after = Some(*retry_after),
            ErrorKind::WeChat(refusal) => {
                detail.errcode = refusal.errcode;
                detail.errmsg.clone_from(&refusal.errmsg);
                detail.rid.clone_from(&refusal.rid);
                detail.retryable = Some(refusal.retryable);
                answer.0.retry_after = error.retry_after();
            }
            ErrorKind::Unavailable(Dependency::Database | Dependency::Cache) => {
                detail.retryable = Some(true);
                answer.0.retry_after = Some(Duration::from_secs(1));
            }
            ErrorKind::Unauthorized
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Conflict
            | ErrorKind::Internal => {}
        }
        answer
    }
}

/// An error is logged once, here, where it becomes an answer: ours loudly, WeChat's as a warning, the client's
/// for those who look.
fn log(error: &AppError, status: StatusCode) {
    let (code, status) = (error.code(), status.as_u16());
    let cause = std::error::Error::source(error).map(tracing::field::display);
    if error.is_ours() {
        tracing::error!(code, status, cause, "{error}");
    } else if let Some(refusal) = error.wechat() {
        let (errcode, rid, hint) = (refusal.errcode, refusal.rid.as_deref(), error.hint());
        tracing::warn!(code, status, errcode, rid, hint, cause, "{error}");
    } else {
        tracing::debug!(code, status, "{error}");
    }
}

fn say_when(retry_after: Option<Duration>, headers: &mut HeaderMap) {
    let Some(wait) = retry_after else { return };
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
        headers.insert(RETRY_AFTER, value);
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Inner { status, message, error, retry_after, close } = *self.0;
        let mut json = Vec::with_capacity(512);
        let written = envelope::open(&mut json, false, status, &message).and_then(|()| {
            json.extend_from_slice(b",\"error\":");
            serde_json::to_writer(&mut json, &error)
        });
        if let Err(error) = written {
            tracing::error!(%error, "a failure could not be written");
        }
        let mut response = envelope::finished(status, json);
        let headers = response.headers_mut();
        say_when(retry_after, headers);
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if close {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}
