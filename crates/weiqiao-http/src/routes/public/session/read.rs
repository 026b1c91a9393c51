//! `GET /api/me`: who am I, and until when.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::user::me;

use super::super::user::UserInfoBody;
use crate::AppState;
use crate::engine::limit::User;
use crate::engine::{ApiError, Envelope, Failure, Limited, Success, UserCaller};

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeBody {
    /// Our id of the person, the `sub` of the token.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    user_id: String,
    /// The person.
    user_info: UserInfoBody,
    /// The session.
    session: SessionBody,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

/// The session the caller came with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionBody {
    /// Its id, the `sid` of the token.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d11")]
    id: String,
    /// The account it began through.
    #[schema(example = "official")]
    account: String,
    /// When it began, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// When it ends, epoch seconds.
    #[schema(example = 1_757_149_090_i64)]
    expires_at: i64,
}

/// The caller's own session and profile.
#[utoipa::path(
    get, path = "/api/me", tag = "login", operation_id = "me",
    responses(
        (status = 200, description = "the caller", body = Success<MeBody>),
        (status = 401, description = "no session", body = Failure),
        (status = 403, description = "an API key or a staff token", body = Failure),
    ),
    security(("session" = []), ("cookie" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<User>,
    UserCaller(session): UserCaller,
) -> Result<Envelope<MeBody>, ApiError> {
    let me = me(state.app(), &session).await?;
    Ok(Envelope::of(MeBody {
        user_id: me.user_id,
        user_info: me.user_info.into(),
        damaged: me.damaged.into_names(),
        session: SessionBody {
            id: me.session.id,
            account: me.session.account,
            created_at: me.session.created_at,
            expires_at: me.session.expires_at,
        },
    }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;

    use crate::testing::World;

    #[tokio::test]
    async fn cookie_and_bearer_are_the_same_session() {
        let world = World::strict().await;
        let person = world.browser();
        let token = person.log_in("xiaohong").await;
        let by_cookie = person.get("/api/me").await;
        by_cookie.is(StatusCode::OK).success("success");
        assert_eq!(by_cookie.data()["user_info"]["nickname"], "小红");
        assert_eq!(by_cookie.data()["session"]["expires_at"], world.now_s() + 86_400);
        let by_token = world.request("GET", "/api/me").bearer(&token).send().await;
        assert_eq!(by_token.data(), by_cookie.data());
    }

    #[tokio::test]
    async fn nobody_an_api_key_and_staff_are_no_person() {
        let world = World::open().await;
        world.get("/api/me").await.is(StatusCode::UNAUTHORIZED).failure("UNAUTHORIZED", "未登录或登录已过期");
        world.request("GET", "/api/me").bearer("a.b.c").send().await.is(StatusCode::UNAUTHORIZED);
        world
            .request("GET", "/api/me")
            .api_key(World::API_KEY)
            .send()
            .await
            .is(StatusCode::FORBIDDEN)
            .code("FORBIDDEN");
        let staff = world.staff_token("boss", weiqiao_model::Role::Admin).await;
        world.request("GET", "/api/me").bearer(&staff).send().await.is(StatusCode::FORBIDDEN).code("FORBIDDEN");
    }

    #[tokio::test]
    async fn a_session_ends_after_a_day_give_or_take_the_leeway() {
        let world = World::strict().await;
        let person = world.browser();
        person.log_in("xiaoming").await;
        world.advance(Duration::from_secs(86_400 + 29));
        person.get("/api/me").await.is(StatusCode::OK);
        world.advance(Duration::from_secs(3));
        person.get("/api/me").await.is(StatusCode::UNAUTHORIZED);
    }
}
