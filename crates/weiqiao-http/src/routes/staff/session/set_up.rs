//! `POST /api/auth/setup`: whoever holds the token of the first start sets the first password.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::usecase::staff::redeem_setup_token;

use crate::AppState;
use crate::engine::limit::StaffLogin;
use crate::engine::{ApiError, ApiJson, Envelope, Failure, Field, Input, Limited, Success};

/// The token from the file, and a password.
#[derive(Deserialize, ToSchema)]
pub(crate) struct SetupRequest {
    /// What the file holds that the first start wrote.
    #[schema(example = "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c")]
    token: String,
    /// 12 to 128 characters.
    #[schema(example = "correct horse battery")]
    password: String,
}

impl Input for SetupRequest {
    const NAME: &'static str = "SetupRequest";
    const FIELDS: &'static [Field] =
        &[Field::text("token", "Token").required().max(256), Field::text("password", "Password").required().max(1024)];
}

/// The first member of staff exists.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FirstStaff {
    /// Our id of them.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
}

/// Sets the first password. Works once, and only while there is no staff.
#[utoipa::path(
    post, path = "/api/auth/setup", tag = "staff", operation_id = "staff_setup", request_body = SetupRequest,
    responses(
        (status = 201, description = "the first admin exists", body = Success<FirstStaff>),
        (status = 400, description = "the password is too weak", body = Failure),
        (status = 401, description = "the token is wrong, used or too old", body = Failure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<StaffLogin>,
    ApiJson(request): ApiJson<SetupRequest>,
) -> Result<Envelope<FirstStaff>, ApiError> {
    let id = redeem_setup_token(state.app(), request.token.trim(), &request.password).await?;
    Ok(Envelope::of(FirstStaff { id: id.into_string() }).status(StatusCode::CREATED))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use serde_json::json;
    use weiqiao_app::usecase::staff::{FirstAdmin, ensure_first_admin};

    use crate::testing::World;

    #[tokio::test]
    async fn the_token_lets_in_once() {
        let world = World::strict().await;
        let FirstAdmin::Token(token) = ensure_first_admin(&world.app, "admin", None).await.unwrap() else {
            panic!("nobody is there yet")
        };
        let request = |token: &str, password: &str| json!({ "token": token, "password": password }).to_string();
        let weak = world.post("/api/auth/setup", request(token.expose(), "short")).await;
        weak.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
        let wrong = world.post("/api/auth/setup", request("guess", World::PASSWORD)).await;
        wrong.is(StatusCode::UNAUTHORIZED);
        let right = request(token.expose(), World::PASSWORD);
        world.post("/api/auth/setup", &right).await.is(StatusCode::CREATED);
        world.post("/api/auth/setup", &right).await.is(StatusCode::UNAUTHORIZED);
        let login = json!({ "username": "admin", "password": World::PASSWORD }).to_string();
        world.post("/api/auth/login", login).await.is(StatusCode::OK);
    }
}
