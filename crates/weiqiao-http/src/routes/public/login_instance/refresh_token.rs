//! `POST …/services/WechatPublicAuthSvc/refreshToken`: a server renews somebody's token.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::login_instance::refresh_instance_token;

use super::Asking;
use super::access_token::InstanceTokenBody;
use crate::AppState;
use crate::engine::bare::{BareError, BareFailure};
use crate::engine::limit::Login;
use crate::engine::{ApiError, ApiJson, ApiPath, Field, Input, Limited};

/// What is to be renewed.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RefreshRequest {
    /// The refresh token of the login.
    refresh_token: Option<String>,
}

impl Input for RefreshRequest {
    const NAME: &'static str = "RefreshRequest";
    const FIELDS: &'static [Field] = &[Field::text("refresh_token", "RefreshToken").max(1024)];
}

/// Renews a token, and keeps the result. A refused one marks the person's record "login again".
#[utoipa::path(
    post, path = "/auths/loginTypes/{name}/services/WechatPublicAuthSvc/refreshToken", tag = "login instances",
    operation_id = "instance_refresh_token",
    params(("name" = String, Path, description = "the instance", example = "MyWechatLogin")),
    request_body = RefreshRequest,
    responses(
        (status = 200, description = "the token; for servers only", body = InstanceTokenBody),
        (status = 400, description = "no refresh token", body = BareFailure),
        (status = 401, description = "no API key (strict mode)", body = BareFailure),
        (status = 404, description = "no such instance", body = BareFailure),
        (status = 500, description = "WeChat refused", body = BareFailure),
    ),
    security(("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    limited: Result<Limited<Login>, ApiError>,
    name: Result<ApiPath, ApiError>,
    _: Asking,
    request: Result<ApiJson<RefreshRequest>, ApiError>,
) -> Result<Json<InstanceTokenBody>, BareError> {
    limited?;
    let (ApiPath(name), ApiJson(RefreshRequest { refresh_token })) = (name?, request?);
    let token = refresh_instance_token(state.app(), &name, &refresh_token.unwrap_or_default()).await?;
    Ok(Json(token.into()))
}
