//! `GET|POST /api/auth/setup`, `POST /api/auth/setup/look`: whoever holds a one-time token sets a password: the one of the first
//! start, or one that an admin handed out.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::usecase::staff::{look_at_setup_token, needs_setup, redeem_setup_token};

use crate::AppState;
use crate::engine::limit::{Admin, StaffLogin};
use crate::engine::{ApiError, ApiJson, Envelope, Failure, Field, Input, Limited, Success};

/// The token from the file, and a password.
#[derive(Deserialize, ToSchema)]
pub(crate) struct SetupRequest {
    /// What the file holds that the first start wrote, or what an admin handed out.
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

/// The token alone.
#[derive(Deserialize, ToSchema)]
pub(crate) struct SetupLookRequest {
    /// What the file holds that the first start wrote, or what an admin handed out.
    #[schema(example = "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c")]
    token: String,
}

impl Input for SetupLookRequest {
    const NAME: &'static str = "SetupLookRequest";
    const FIELDS: &'static [Field] = &[Field::text("token", "Token").required().max(256)];
}

/// Whom a token is for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupLook {
    /// The name they log in with.
    #[schema(example = "admin")]
    username: String,
}

/// The password is set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetUpBody {
    /// Our id of the member of staff.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// The name they log in with.
    #[schema(example = "admin")]
    username: String,
}

/// Whether anybody works here yet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupState {
    /// Whether the first thing to do is to set a password with the token of the first start.
    #[schema(example = false)]
    needed: bool,
}

/// Whether the first password is still to be set.
#[utoipa::path(
    get, path = "/api/auth/setup", tag = "staff", operation_id = "staff_setup_needed",
    responses((status = 200, description = "whether", body = Success<SetupState>)),
)]
pub(crate) async fn needed(State(state): State<AppState>, _: Limited<Admin>) -> Result<Envelope<SetupState>, ApiError> {
    Ok(Envelope::of(SetupState { needed: needs_setup(state.app()).await? }))
}

/// Tells whose password a one-time token sets. The token stays good.
#[utoipa::path(
    post, path = "/api/auth/setup/look", tag = "staff", operation_id = "staff_setup_look", request_body = SetupLookRequest,
    responses(
        (status = 200, description = "whose", body = Success<SetupLook>),
        (status = 400, description = "no token, or one that is too long", body = Failure),
        (status = 401, description = "the token is wrong, used or too old", body = Failure),
    ),
)]
pub(crate) async fn look(
    State(state): State<AppState>,
    _: Limited<StaffLogin>,
    ApiJson(request): ApiJson<SetupLookRequest>,
) -> Result<Envelope<SetupLook>, ApiError> {
    Ok(Envelope::of(SetupLook { username: look_at_setup_token(state.app(), request.token.trim()).await? }))
}

/// Sets a password with a one-time token. Works once; the token of the first start only while there is no staff.
#[utoipa::path(
    post, path = "/api/auth/setup", tag = "staff", operation_id = "staff_setup", request_body = SetupRequest,
    responses(
        (status = 201, description = "the password is set", body = Success<SetUpBody>),
        (status = 400, description = "the password is too weak", body = Failure),
        (status = 401, description = "the token is wrong, used or too old", body = Failure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<StaffLogin>,
    ApiJson(request): ApiJson<SetupRequest>,
) -> Result<Envelope<SetUpBody>, ApiError> {
    let done = redeem_setup_token(state.app(), request.token.trim(), &request.password).await?;
    let body = SetUpBody { id: done.id.into_string(), username: done.username };
    Ok(Envelope::of(body).status(StatusCode::CREATED))
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
        assert_eq!(world.get("/api/auth/setup").await.is(StatusCode::OK).data()["needed"], true);
        let look = |token: &str| world.post("/api/auth/setup/look", json!({ "token": token }).to_string());
        assert_eq!(look(token.expose()).await.is(StatusCode::OK).data()["username"], "admin");
        look("guess").await.is(StatusCode::UNAUTHORIZED).code("INVALID_CREDENTIALS");
        let weak = world.post("/api/auth/setup", request(token.expose(), "short")).await;
        weak.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
        let wrong = world.post("/api/auth/setup", request("guess", World::PASSWORD)).await;
        wrong.is(StatusCode::UNAUTHORIZED);
        let right = request(token.expose(), World::PASSWORD);
        world.post("/api/auth/setup", &right).await.is(StatusCode::CREATED);
        world.post("/api/auth/setup", &right).await.is(StatusCode::UNAUTHORIZED);
        look(token.expose()).await.is(StatusCode::UNAUTHORIZED);
        let login = json!({ "username": "admin", "password": World::PASSWORD }).to_string();
        world.post("/api/auth/login", login).await.is(StatusCode::OK);
        assert_eq!(world.get("/api/auth/setup").await.is(StatusCode::OK).data()["needed"], false);
    }
}
