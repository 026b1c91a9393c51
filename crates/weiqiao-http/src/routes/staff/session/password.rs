//! `POST /api/auth/password`: a member of staff changes their password.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::usecase::staff::change_password;

use crate::AppState;
use crate::engine::limit::StaffLogin;
use crate::engine::{
    ApiError, ApiJson, Envelope, Failure, Field, Input, Limited, RequestContext, StaffCaller, Success,
};

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
pub(crate) struct PasswordRequest {
    /// The one that counts until now.
    #[schema(example = "correct horse battery")]
    old_password: String,
    /// 12 to 128 characters.
    #[schema(example = "quiet river at noon")]
    new_password: String,
}

impl Input for PasswordRequest {
    const NAME: &'static str = "PasswordRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("old_password", "OldPassword").required().max(1024),
        Field::text("new_password", "NewPassword").required().max(1024),
    ];
}

/// Said after the password changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PasswordChanged {
    /// A fixed text.
    #[schema(example = "密码已修改")]
    message: &'static str,
}

/// Changes the caller's password; their other sessions end. A wrong old password counts like a failed log-in.
#[utoipa::path(
    post, path = "/api/auth/password", tag = "staff", operation_id = "staff_change_password",
    request_body = PasswordRequest,
    responses(
        (status = 200, description = "changed", body = Success<PasswordChanged>),
        (status = 400, description = "the new password is too weak, or the old one", body = Failure),
        (status = 401, description = "no staff session, or the old password is wrong", body = Failure),
        (status = 403, description = "an API key, a person's session, or a page of another site", body = Failure),
        (status = 429, description = "too many failures", body = Failure),
    ),
    security(("staff" = []), ("console" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<StaffLogin>,
    StaffCaller(staff): StaffCaller,
    context: RequestContext,
    ApiJson(request): ApiJson<PasswordRequest>,
) -> Result<Envelope<PasswordChanged>, ApiError> {
    let ip = context.client_ip.to_string();
    change_password(state.app(), &staff, &ip, &request.old_password, &request.new_password).await?;
    Ok(Envelope::of(PasswordChanged { message: "密码已修改" }))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use serde_json::json;
    use weiqiao_model::Role;

    use crate::testing::World;

    #[tokio::test]
    async fn whoever_knows_the_old_password_sets_another() {
        let world = World::strict().await;
        let other = world.staff_token("li", Role::Viewer).await;
        let login = json!({ "username": "li", "password": World::PASSWORD }).to_string();
        let token = world.post("/api/auth/login", login).await.data()["access_token"].as_str().unwrap().to_owned();
        let change = async |old: &str, new: &str| {
            let body = json!({ "old_password": old, "new_password": new }).to_string();
            world.request("POST", "/api/auth/password").bearer(&token).json(&body).send().await
        };
        change("wrong wrong wrong", "quiet river at noon")
            .await
            .is(StatusCode::UNAUTHORIZED)
            .code("INVALID_CREDENTIALS");
        for weak in ["short", "passwordpassword", World::PASSWORD] {
            let refused = change(World::PASSWORD, weak).await;
            refused.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
            assert_eq!(refused.error()["details"][0]["field"], "new_password", "{weak}: {refused:?}");
        }
        change(World::PASSWORD, "quiet river at noon").await.is(StatusCode::OK).success("success");
        let me = async |token: &str| world.request("GET", "/api/auth/me").bearer(token).send().await.status();
        assert_eq!((me(&token).await, me(&other).await), (StatusCode::OK, StatusCode::UNAUTHORIZED));
        for _ in 0..5 {
            change("wrong wrong wrong", "another river at noon").await.is(StatusCode::UNAUTHORIZED);
        }
        change("quiet river at noon", "another river at noon").await.is(StatusCode::TOO_MANY_REQUESTS);
    }
}
