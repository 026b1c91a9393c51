//! `POST /wx`, `POST /wx/{account}`: WeChat pushes a message or an event.

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::header::{CONNECTION, HeaderValue};
use http::{HeaderMap, StatusCode};
use tokio::time::Instant;
use utoipa::IntoParams;
use weiqiao_app::App;
use weiqiao_app::usecase::callback::{AnswerForm, CallbackRefusal, Delivery, receive, refuse_too_long};

use super::{JSON, TEXT, XML, forbidden, name, plain, query};
use crate::AppState;
use crate::engine::{ApiError, Failure, RequestContext, body};

/// What WeChat adds to the address.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "describes what the codec reads")]
pub(crate) struct PushQuery {
    /// SHA-1 over token, timestamp and nonce. What counts in plain mode.
    signature: Option<String>,
    /// Seconds since 1970; 300 s from our clock at most.
    #[param(example = "1714112445")]
    timestamp: String,
    /// Digits chosen by WeChat.
    #[param(example = "415670741")]
    nonce: String,
    /// SHA-1 over token, timestamp, nonce and the encrypted body. What counts in the encrypted modes.
    msg_signature: Option<String>,
}

/// Receives a push to the default account.
///
/// A re-delivery gets the stored answer and has no second effect. Nothing is acknowledged before it is written down.
#[utoipa::path(
    post, path = "/wx", tag = "callbacks", operation_id = "receive_callback", params(PushQuery),
    request_body(content = String, content_type = "text/xml", description = "the push: XML, or JSON of a mini program"),
    responses(
        (status = 200, description = "a passive reply, encrypted when the push was; or `success`", body = String,
            content_type = "application/xml"),
        (status = 400, description = "authentic, but cannot be read; or too long"),
        (status = 403, description = "not authentic, stale, or for somebody else: one answer without a word for all"),
        (status = 503, description = "the database is down: WeChat delivers again", body = Failure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    context: RequestContext,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let raw = query.unwrap_or_default();
    take(&state, None, &context, &raw, &headers, body).await
}

/// Receives a push to an account.
#[utoipa::path(
    post, path = "/wx/{account}", tag = "callbacks", operation_id = "receive_callback_of", params(
        ("account" = String, Path, description = "the account's name in the settings", example = "shop"), PushQuery,
    ),
    request_body(content = String, content_type = "text/xml", description = "the push: XML, or JSON of a mini program"),
    responses(
        (status = 200, description = "a passive reply, encrypted when the push was; or `success`", body = String,
            content_type = "application/xml"),
        (status = 400, description = "authentic, but cannot be read; or too long"),
        (status = 403, description = "not authentic, stale, or for somebody else: one answer without a word for all"),
        (status = 503, description = "the database is down: WeChat delivers again", body = Failure),
    ),
)]
pub(crate) async fn named(
    State(state): State<AppState>,
    account: Result<Path<String>, PathRejection>,
    context: RequestContext,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let raw = query.unwrap_or_default();
    take(&state, Some(&name(account)), &context, &raw, &headers, body).await
}

async fn take(
    state: &AppState,
    account: Option<&str>,
    context: &RequestContext,
    raw: &str,
    headers: &HeaderMap,
    body: Body,
) -> Response {
    let begun = Instant::now();
    let app = state.app();
    let body = match body::read(headers, body, app.callbacks().settings().body_limit).await {
        Ok(body) => body,
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => return too_long(app, account, raw),
        Err(error) => return error.into_response(),
    };
    let Ok(query) = query(raw) else { return forbidden() };
    let delivery = Delivery { account, query: &query, body: &body, source: Some(context.client_ip), begun };
    match receive(app, delivery).await {
        Ok(answer) => {
            let kind = match answer.form {
                AnswerForm::Text => TEXT,
                AnswerForm::Xml => XML,
                AnswerForm::Json => JSON,
            };
            plain(StatusCode::OK, kind, answer.body)
        }
        Err(CallbackRefusal::NotAuthentic) => forbidden(),
        Err(CallbackRefusal::Malformed) => plain(StatusCode::BAD_REQUEST, TEXT, String::new()),
        Err(CallbackRefusal::Failed(error)) => ApiError::from(error).into_response(),
    }
}

/// The rest of the body is not read.
fn too_long(app: &App, account: Option<&str>, raw: &str) -> Response {
    let refusal = query(raw).map(|query| refuse_too_long(app, account, &query));
    let mut response = match refusal {
        Ok(CallbackRefusal::Malformed) => plain(StatusCode::BAD_REQUEST, TEXT, String::new()),
        _ => forbidden(),
    };
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
