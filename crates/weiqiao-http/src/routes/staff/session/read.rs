//! `GET /api/auth/me`: which member of staff am I?

use axum::extract::State;
use weiqiao_app::usecase::staff::staff_me;

use super::StaffBody;
use crate::AppState;
use crate::engine::{ApiError, Envelope, Failure, StaffCaller, Success};

/// The member of staff behind the token.
#[utoipa::path(
    get, path = "/api/auth/me", tag = "staff", operation_id = "staff_me",
    responses(
        (status = 200, description = "who", body = Success<StaffBody>),
        (status = 401, description = "no staff token", body = Failure),
        (status = 403, description = "an API key or a person's session", body = Failure),
    ),
    security(("staff" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    StaffCaller(staff): StaffCaller,
) -> Result<Envelope<StaffBody>, ApiError> {
    let profile = staff_me(state.app(), &staff).await?;
    Ok(Envelope::of(profile.into()))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use weiqiao_model::Role;

    use crate::testing::World;

    #[tokio::test]
    async fn only_staff_is_staff() {
        let world = World::strict().await;
        let staff = world.staff_token("li", Role::Advisor).await;
        let me = world.request("GET", "/api/auth/me").bearer(&staff).send().await;
        assert_eq!(me.is(StatusCode::OK).data()["role"], "advisor");

        world.get("/api/auth/me").await.is(StatusCode::UNAUTHORIZED).code("UNAUTHORIZED");
        let person = world.browser().log_in("xiaoming").await;
        world.request("GET", "/api/auth/me").bearer(&person).send().await.is(StatusCode::FORBIDDEN).code("FORBIDDEN");
        world
            .request("GET", "/api/auth/me")
            .api_key(World::API_KEY)
            .send()
            .await
            .is(StatusCode::FORBIDDEN)
            .code("FORBIDDEN");
    }
}
