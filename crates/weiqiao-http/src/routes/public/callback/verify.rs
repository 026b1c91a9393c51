//! `GET /wx`, `GET /wx/{account}`: WeChat's console verifies the address.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use utoipa::IntoParams;
use weiqiao_app::usecase::callback::{CallbackRefusal, verify_echo};

use super::{TEXT, name, plain, query};
use crate::AppState;

/// What the console sends.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "describes what the codec reads")]
pub(crate) struct EchoQuery {
    /// SHA-1 over token, timestamp and nonce.
    #[param(example = "f464b24fc39322e44b38aa78f5edd27bd1441696")]
    signature: String,
    /// Seconds since 1970.
    #[param(example = "1714036504")]
    timestamp: String,
    /// Digits chosen by WeChat.
    #[param(example = "1514711492")]
    nonce: String,
    /// What has to be answered.
    #[param(example = "4375120948345356249")]
    echostr: String,
}

/// Verifies the callback address of the default account.
#[utoipa::path(
    get, path = "/wx", tag = "callbacks", operation_id = "verify_callback", params(EchoQuery),
    responses(
        (status = 200, description = "`echostr`, and nothing else", body = String, content_type = "text/plain",
            example = "4375120948345356249"),
        (status = 403, description = "the signature is wrong or missing, or no callback is configured", body = String,
            content_type = "text/plain", example = "验证失败"),
        (status = 400, description = "signed, but `echostr` is none that WeChat sends"),
    ),
)]
pub(crate) async fn handler(State(state): State<AppState>, RawQuery(query): RawQuery) -> Response {
    verify(&state, None, query.as_deref().unwrap_or_default())
}

/// Verifies the callback address of an account.
#[utoipa::path(
    get, path = "/wx/{account}", tag = "callbacks", operation_id = "verify_callback_of", params(
        ("account" = String, Path, description = "the account's name in the settings", example = "shop"), EchoQuery,
    ),
    responses(
        (status = 200, description = "`echostr`, and nothing else", body = String, content_type = "text/plain"),
        (status = 403, description = "the signature is wrong or missing, or no callback is configured", body = String,
            content_type = "text/plain", example = "验证失败"),
        (status = 400, description = "signed, but `echostr` is none that WeChat sends"),
    ),
)]
pub(crate) async fn named(
    State(state): State<AppState>,
    account: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Response {
    verify(&state, Some(&name(account)), query.as_deref().unwrap_or_default())
}

fn verify(state: &AppState, account: Option<&str>, raw: &str) -> Response {
    let echo = query(raw)
        .map_err(|_| CallbackRefusal::NotAuthentic)
        .and_then(|query| verify_echo(state.app(), account, &query));
    match echo {
        Ok(echo) => plain(StatusCode::OK, TEXT, echo),
        Err(CallbackRefusal::Malformed) => plain(StatusCode::BAD_REQUEST, TEXT, String::new()),
        Err(_) => plain(StatusCode::FORBIDDEN, TEXT, "验证失败".to_owned()),
    }
}
