//! `POST /api/auth/logout`: a member of staff leaves.

use axum::extract::State;
use http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::staff::staff_logout;

use crate::AppState;
use crate::engine::cookies::{self, StaffCookie};
use crate::engine::{ApiError, Envelope, Failure, StaffCaller, Success};

/// Said after the session ended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StaffLoggedOut {
    /// A fixed text.
    #[schema(example = "已退出登录")]
    message: &'static str,
}

/// Ends the staff session of the token or the cookie, here at once, on other instances within five seconds.
#[utoipa::path(
    post, path = "/api/auth/logout", tag = "staff", operation_id = "staff_logout",
    responses(
        (status = 200, description = "ended", body = Success<StaffLoggedOut>),
        (status = 401, description = "no staff token", body = Failure),
        (status = 403, description = "an API key, a person's session, or a page of another site", body = Failure),
    ),
    security(("staff" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    StaffCaller(staff): StaffCaller,
    headers: HeaderMap,
) -> Result<(HeaderMap, Envelope<StaffLoggedOut>), ApiError> {
    staff_logout(state.app(), &staff).await?;
    let mut out = HeaderMap::new();
    if cookies::get(&headers, state.staff_cookie()).is_some() {
        let (name, secure) = (state.staff_cookie(), state.settings().is_https());
        StaffCookie { name, value: "", max_age_s: Some(0), secure }.write(&mut out)?;
    }
    Ok((out, Envelope::of(StaffLoggedOut { message: "已退出登录" })))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use weiqiao_model::Role;

    use crate::testing::World;

    #[tokio::test]
    async fn the_token_is_over() {
        let world = World::strict().await;
        let staff = world.staff_token("li", Role::Viewer).await;
        world.request("POST", "/api/auth/logout").bearer(&staff).send().await.is(StatusCode::OK);
        world.request("GET", "/api/auth/me").bearer(&staff).send().await.is(StatusCode::UNAUTHORIZED);
        world.request("POST", "/api/auth/logout").bearer(&staff).send().await.is(StatusCode::UNAUTHORIZED);
    }
}
