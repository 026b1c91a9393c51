//! `POST …/services/WechatPublicAuthSvc/getAccessToken`: a server asks for somebody's token.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::login_instance::{InstanceToken, current_token, instance_token};

use super::{Asking, WhoRequest};
use crate::AppState;
use crate::engine::bare::{BareError, BareFailure};
use crate::engine::limit::Login;
use crate::engine::{ApiError, ApiJson, ApiPath, Limited};

/// A person's token, as WeChat gave it.
#[derive(Serialize, ToSchema)]
pub(crate) struct InstanceTokenBody {
    /// The person's token.
    access_token: String,
    /// Seconds it still lives.
    #[schema(example = 7200)]
    expires_in: i64,
    /// Renews it, for 30 days after the login.
    refresh_token: String,
    /// The person, as the account sees them.
    #[schema(example = "oLVPpjqs9BhvzwPj5A-vTYAX3GLc")]
    openid: String,
    /// What the person agreed to.
    #[schema(example = "snsapi_userinfo")]
    scope: String,
}

impl From<InstanceToken> for InstanceTokenBody {
    fn from(token: InstanceToken) -> Self {
        Self {
            access_token: token.access_token.expose().to_owned(),
            expires_in: token.expires_in,
            refresh_token: token.refresh_token.expose().to_owned(),
            openid: token.openid.into_string(),
            scope: token.scope,
        }
    }
}

/// The token for a code. One exchange per code, shared with `getUserInfo`.
#[utoipa::path(
    post, path = "/auths/loginTypes/{name}/services/WechatPublicAuthSvc/getAccessToken", tag = "login instances",
    operation_id = "instance_access_token",
    params(("name" = String, Path, description = "the instance", example = "MyWechatLogin")),
    request_body = WhoRequest,
    responses(
        (status = 200, description = "the token; for servers only", body = InstanceTokenBody),
        (status = 400, description = "no code, or one that was used", body = BareFailure),
        (status = 401, description = "no API key (strict mode)", body = BareFailure),
        (status = 404, description = "no such instance", body = BareFailure),
        (status = 409, description = "WeChat no longer renews it: the person has to log in again", body = BareFailure),
        (status = 500, description = "WeChat refused", body = BareFailure),
    ),
    security(("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    limited: Result<Limited<Login>, ApiError>,
    name: Result<ApiPath, ApiError>,
    Asking(server): Asking,
    request: Result<ApiJson<WhoRequest>, ApiError>,
) -> Result<Json<InstanceTokenBody>, BareError> {
    limited?;
    let (ApiPath(name), ApiJson(WhoRequest { code, openid })) = (name?, request?);
    let token = match (code, openid) {
        (None, Some(openid)) => current_token(state.app(), &name, &openid).await?,
        (code, _) => instance_token(state.app(), &name, &server, &code.unwrap_or_default()).await?,
    };
    Ok(Json(token.into()))
}
