//! Failures without the envelope, for the published clients of the login instances: `{"error": "…", "errcode": …}`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::error::{AppError, code};

use super::ApiError;

/// A failure on its way to such a client.
#[derive(Debug)]
pub(crate) struct BareError {
    api: Box<ApiError>,
    body: BareFailure,
}

/// What such a client reads.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BareFailure {
    /// `Auth error: ` and what WeChat said, or what is wrong with the request.
    #[schema(example = "Auth error: invalid code")]
    error: String,
    /// WeChat's number; `null` where WeChat has none for it.
    #[schema(example = 40029)]
    errcode: Option<i64>,
    /// Cause and next step, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl BareError {
    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        self.api.status()
    }

    /// The same failure for everybody else.
    pub(crate) fn api(&self) -> &ApiError {
        &self.api
    }
}

impl From<ApiError> for BareError {
    fn from(api: ApiError) -> Self {
        let error = match api.code() {
            code::STATE_INVALID => "Invalid state parameter".to_owned(),
            _ => format!("Auth error: {}", api.message()),
        };
        let body = BareFailure { error, errcode: None, hint: api.hint_text().map(str::to_owned) };
        Self { api: Box::new(api), body }
    }
}

impl From<AppError> for BareError {
    fn from(error: AppError) -> Self {
        let refusal = error.wechat().cloned();
        let errcode = refusal.as_ref().and_then(|refusal| refusal.errcode).or_else(|| number(&error));
        let mut bare = Self::from(ApiError::from(error));
        bare.body.errcode = errcode;
        if let Some(errmsg) = refusal.and_then(|refusal| refusal.errmsg) {
            bare.body.error = format!("Auth error: {errmsg}");
        }
        bare
    }
}

/// WeChat's own number for what we found out without asking.
fn number(error: &AppError) -> Option<i64> {
    let required = |field: &str| match error.kind() {
        weiqiao_app::ErrorKind::Invalid(problems) => problems.iter().any(|problem| problem.field == field),
        _ => false,
    };
    match error.code() {
        code::CODE_ALREADY_USED => Some(40163),
        code::LOGIN_AGAIN => Some(42002),
        code::VALIDATION_FAILED if required("code") => Some(41008),
        code::VALIDATION_FAILED if required("refresh_token") => Some(41003),
        _ => None,
    }
}

impl IntoResponse for BareError {
    fn into_response(self) -> Response {
        let status = self.status();
        let api = self.api.into_response();
        let mut response = (status, Json(self.body)).into_response();
        for name in [RETRY_AFTER, WWW_AUTHENTICATE] {
            if let Some(value) = api.headers().get(&name) {
                response.headers_mut().insert(name, value.clone());
            }
        }
        response
    }
}
