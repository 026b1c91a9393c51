//! `GET /auths/loginTypes/{name}/config`: what a front end may know.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;
use crate::engine::bare::{BareError, BareFailure};
use crate::engine::{ApiError, ApiPath};

/// An instance without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InstanceConfig {
    /// The official account's appid.
    #[schema(example = "wx1111111111111111")]
    app_id: String,
    /// What people are asked for.
    #[schema(example = "snsapi_userinfo")]
    scope: &'static str,
    /// What people call it.
    #[schema(example = "微信登录")]
    title: String,
}

/// What a front end may know about an instance.
#[utoipa::path(
    get, path = "/auths/loginTypes/{name}/config", tag = "login instances", operation_id = "instance_config",
    params(("name" = String, Path, description = "the instance", example = "MyWechatLogin")),
    responses(
        (status = 200, description = "the instance, without its secret", body = InstanceConfig),
        (status = 404, description = "no such instance", body = BareFailure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    name: Result<ApiPath, ApiError>,
) -> Result<Json<InstanceConfig>, BareError> {
    let ApiPath(name) = name?;
    let instance = state.app().instances().named(&name)?;
    Ok(Json(InstanceConfig {
        app_id: instance.account.app_id().as_str().to_owned(),
        scope: instance.scope.as_str(),
        title: instance.title.clone(),
    }))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use serde_json::json;

    use crate::testing::World;

    #[tokio::test]
    async fn everything_but_the_secret() {
        let world = World::strict().await;
        let config = world.get("/auths/loginTypes/MyWechatLogin/config").await;
        let expected = json!({ "appId": World::OFFICIAL, "scope": "snsapi_userinfo", "title": "我的微信登录" });
        assert_eq!(config.is(StatusCode::OK).json(), &expected);
        let unknown = world.get("/auths/loginTypes/Nobody/config").await;
        assert!(unknown.is(StatusCode::NOT_FOUND).json()["error"].as_str().unwrap().starts_with("Auth error: "));
    }
}
