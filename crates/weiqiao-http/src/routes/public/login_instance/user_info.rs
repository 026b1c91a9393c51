//! `POST …/services/WechatPublicAuthSvc/getUserInfo`: a server asks who somebody is.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::login_instance::{InstanceUser, current_user, instance_user};

use super::{Asking, WhoRequest};
use crate::AppState;
use crate::engine::bare::{BareError, BareFailure};
use crate::engine::limit::Login;
use crate::engine::{ApiError, ApiJson, ApiPath, Limited};

/// A person, as WeChat says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InstanceUserBody {
    /// The person, as the account sees them.
    #[schema(example = "oLVPpjqs9BhvzwPj5A-vTYAX3GLc")]
    openid: String,
    /// Display only; any Unicode.
    #[schema(example = "小明")]
    nickname: String,
    /// Address of the portrait; empty when there is none.
    #[schema(example = "https://thirdwx.qlogo.cn/mmopen/x/132")]
    headimgurl: String,
    /// 0 unknown, 1 male, 2 female.
    #[schema(example = 0)]
    sex: i64,
    /// Province; empty since 2021.
    province: String,
    /// City; empty since 2021.
    city: String,
    /// Country; empty since 2021.
    country: String,
    /// The person across the accounts of one open-platform group; `null` where there is none.
    unionid: Option<String>,
}

impl From<InstanceUser> for InstanceUserBody {
    fn from(user: InstanceUser) -> Self {
        let profile = user.profile;
        Self {
            openid: user.openid.into_string(),
            nickname: profile.nickname,
            headimgurl: profile.headimgurl,
            sex: profile.sex,
            province: profile.province,
            city: profile.city,
            country: profile.country,
            unionid: user.unionid.map(|unionid| unionid.into_string()),
        }
    }
}

/// The person behind a code. One exchange per code, shared with `getAccessToken`.
#[utoipa::path(
    post, path = "/auths/loginTypes/{name}/services/WechatPublicAuthSvc/getUserInfo", tag = "login instances",
    operation_id = "instance_user_info",
    params(("name" = String, Path, description = "the instance", example = "MyWechatLogin")),
    request_body = WhoRequest,
    responses(
        (status = 200, description = "the person", body = InstanceUserBody),
        (status = 400, description = "no code, or one that was used", body = BareFailure),
        (status = 401, description = "no API key (strict mode)", body = BareFailure),
        (status = 404, description = "no such instance", body = BareFailure),
        (status = 409, description = "the person has to log in again", body = BareFailure),
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
) -> Result<Json<InstanceUserBody>, BareError> {
    limited?;
    let (ApiPath(name), ApiJson(WhoRequest { code, openid })) = (name?, request?);
    let user = match (code, openid) {
        (None, Some(openid)) => current_user(state.app(), &name, &openid).await?,
        (code, _) => instance_user(state.app(), &name, &server, &code.unwrap_or_default()).await?,
    };
    Ok(Json(user.into()))
}
