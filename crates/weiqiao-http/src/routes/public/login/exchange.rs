//! `POST /api/wechat/auth`: the page brings the code WeChat gave it, and gets a person and a session.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::user::UserInfoBody;
use super::poster::{Posted, Poster};
use crate::AppState;
use crate::engine::limit::Login;
use crate::engine::{ApiError, ApiJson, ApiQuery, Envelope, Failure, Field, Input, Limited, Success};

/// What WeChat put into the page's address.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct WechatAuthRequest {
    /// The code; good once, for five minutes.
    #[schema(example = "0c3aBcDeFgHiJkLmNoPqRsTuVwXyZ012")]
    code: String,
    /// The state that came with it.
    #[schema(example = "Zk3VbD8sQ1xYw9LmT4pRj6HfNc2GaEo5")]
    state: Option<String>,
}

impl Input for WechatAuthRequest {
    const NAME: &'static str = "WechatAuthRequest";
    const FIELDS: &'static [Field] =
        &[Field::text("code", "Code").required().max(512), Field::text("state", "State").max(1024)];
}

/// Which account.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccountQuery {
    /// Another account than the default one of the kind.
    pub(crate) account: Option<String>,
}

impl Input for AccountQuery {
    const NAME: &'static str = "AccountQuery";
    const FIELDS: &'static [Field] = &[Field::text("account", "Account")];
}

/// Somebody is logged in.
#[derive(Serialize, ToSchema)]
pub(crate) struct LoggedIn {
    /// A fixed text.
    #[schema(example = "微信登录成功")]
    message: &'static str,
    /// Who.
    user_info: UserInfoBody,
    /// The session token, for `Authorization: Bearer`. The same session is in the cookie.
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl")]
    token: String,
}

/// Logs in with a code. The code is exchanged with WeChat once; the same browser may post it again within a
/// minute, while the session lasts. In strict mode a state of ours is required, unless a server calls with an API key that has
/// the scope `login:exchange`.
#[utoipa::path(
    post, path = "/api/wechat/auth", tag = "login", operation_id = "wechat_auth", params(AccountQuery),
    request_body = WechatAuthRequest,
    responses(
        (status = 200, description = "logged in; the session cookie is set, except for an API key and for a page of another origin without a state bound to its browser", body = Success<LoggedIn>),
        (status = 400, description = "no code, a bad state, a code somebody else used, or a login that was repeated after it had ended", body = Failure),
        (status = 401, description = "an API key that is wrong", body = Failure),
        (status = 403, description = "WeChat showed a snapshot page with a made-up person, or a key without the scope", body = Failure),
        (status = 429, description = "too many logins", body = Failure),
        (status = 500, description = "WeChat refused the code or the user info", body = Failure),
        (status = 503, description = "the database is down", body = Failure),
    ),
    security((), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Login>,
    poster: Poster,
    ApiQuery(AccountQuery { account }): ApiQuery<AccountQuery>,
    ApiJson(request): ApiJson<WechatAuthRequest>,
) -> Result<Response, ApiError> {
    let posted = Posted { account: account.as_deref(), code: &request.code, state: request.state.as_deref() };
    let (cookies, answer) = poster.log_in(&state, posted).await?;
    let body = LoggedIn { message: "微信登录成功", user_info: answer.user_info.into(), token: answer.token };
    Ok((cookies, Envelope::of(body)).into_response())
}

#[cfg(test)]
mod tests;
