//! `POST /api/logout`: end the caller's session, here and everywhere within five seconds.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::session::logout;

use crate::AppState;
use crate::engine::cookies::{Cookie, SESSION_COOKIE};
use crate::engine::{ApiError, Envelope, Failure, Success, UserCaller};

/// Said after the session ended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LoggedOut {
    /// A fixed text.
    #[schema(example = "已退出登录")]
    message: &'static str,
}

/// Revokes the caller's session and clears its cookies. What the same browser logged in with a moment ago is not given out again.
#[utoipa::path(
    post, path = "/api/logout", tag = "login", operation_id = "logout",
    responses(
        (status = 200, description = "ended", body = Success<LoggedOut>),
        (status = 401, description = "there was no session", body = Failure),
        (status = 403, description = "asked by another site's page", body = Failure),
    ),
    security(("session" = []), ("cookie" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    UserCaller(session): UserCaller,
) -> Result<Response, ApiError> {
    logout(state.app(), &session.session_id).await?;
    let mut response = Envelope::of(LoggedOut { message: "已退出登录" }).into_response();
    let secure = state.settings().is_https();
    for name in [SESSION_COOKIE, state.binding_cookie()] {
        // Without the second, a callback address in the browser's history could bring back an earlier login.
        Cookie { name, value: "", max_age_s: 0, secure }.write(response.headers_mut())?;
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use crate::testing::World;

    #[tokio::test]
    async fn the_session_is_over_for_cookie_and_token() {
        let world = World::strict().await;
        let person = world.browser();
        let token = person.log_in("xiaoming").await;
        let answer = person.post("/api/logout", "{}").await;
        answer.is(StatusCode::OK).success("success");
        for cookie in ["weiqiao_session", world.state.binding_cookie()] {
            assert!(answer.cookie_line(cookie).unwrap().contains("Max-Age=0"), "{cookie}");
        }
        person.get("/api/me").await.is(StatusCode::UNAUTHORIZED);
        world.request("GET", "/api/me").bearer(&token).send().await.is(StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn another_sites_page_cannot_log_a_person_out() {
        let world = World::strict().await;
        let person = world.browser();
        person.log_in("xiaoming").await;
        let forged = person.request("POST", "/api/logout").header("origin", "https://evil.test").json("{}");
        forged.send().await.is(StatusCode::FORBIDDEN).code("CROSS_SITE_REQUEST");
        let forged = person.request("POST", "/api/logout").header("sec-fetch-site", "cross-site").json("{}");
        forged.send().await.is(StatusCode::FORBIDDEN);
        person.get("/api/me").await.is(StatusCode::OK);
    }

    #[tokio::test]
    async fn nobody_cannot_leave() {
        let world = World::open().await;
        world.post("/api/logout", "{}").await.is(StatusCode::UNAUTHORIZED).code("UNAUTHORIZED");
    }
}
