//! `GET /api/user/{openid}`: is this login still fresh? Asked by pages at every load.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::usecase::user::{UserStatus, read_user};

use super::UserInfoBody;
use crate::AppState;
use crate::engine::limit::User;
use crate::engine::{ApiError, ApiPath, ApiQuery, Envelope, Failure, Field, Input, Limited, MaybeCaller, Success};

/// Whose openid it is.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReadUserRequest {
    /// Another official account than the default one.
    account: Option<String>,
}

impl Input for ReadUserRequest {
    const NAME: &'static str = "ReadUserRequest";
    const FIELDS: &'static [Field] = &[Field::text("account", "Account")];
}

/// Whether the person is known and their login fresh.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserStatusBody {
    /// Whether the openid has ever logged in; in strict mode also whether the caller may know.
    #[schema(example = true)]
    exists: bool,
    /// Whether to log in again: unknown, or longer ago than `AUTHORIZATION_TTL` (24 h).
    #[schema(example = false)]
    need_auth: bool,
    /// The person, when known. Missing too when what is stored cannot be read; logging in again writes it anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_info: Option<UserInfoBody>,
    /// Said when unknown or not readable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "用户不存在，需要重新授权")]
    message: Option<&'static str>,
}

/// Reads a person by openid.
#[utoipa::path(
    get, path = "/api/user/{openid}", tag = "login", operation_id = "read_user",
    params(("openid" = String, Path, description = "the person's openid"), ReadUserRequest),
    responses(
        (status = 200, description = "known or not", body = Success<UserStatusBody>),
        (status = 400, description = "not an openid", body = Failure),
        (status = 401, description = "an API key that is wrong", body = Failure),
        (status = 403, description = "strict mode: a key without the scope `user:read`", body = Failure),
        (status = 503, description = "the database is down", body = Failure),
    ),
    security((), ("session" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<User>,
    MaybeCaller(caller): MaybeCaller,
    ApiPath(openid): ApiPath,
    ApiQuery(request): ApiQuery<ReadUserRequest>,
) -> Result<Envelope<UserStatusBody>, ApiError> {
    let status = read_user(state.app(), &caller, request.account.as_deref(), &openid).await?;
    Ok(Envelope::of(match status {
        UserStatus::Unknown => UserStatusBody {
            exists: false,
            need_auth: true,
            user_info: None,
            message: Some("用户不存在，需要重新授权"),
        },
        UserStatus::Damaged => UserStatusBody {
            exists: true,
            need_auth: true,
            user_info: None,
            message: Some("用户资料已损坏，需要重新授权"),
        },
        UserStatus::Known { user_info, need_auth } => {
            UserStatusBody { exists: true, need_auth, user_info: Some((*user_info).clone().into()), message: None }
        }
    }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;
    use rstest::rstest;
    use serde_json::json;

    use crate::testing::World;

    const DAY: Duration = Duration::from_secs(86_400);

    fn unknown() -> serde_json::Value {
        json!({ "exists": false, "need_auth": true, "message": "用户不存在，需要重新授权" })
    }

    #[tokio::test]
    async fn a_person_is_fresh_for_a_day_and_known_for_ever() {
        let world = World::open().await;
        world.browser().log_in("xiaoming").await;
        let path = format!("/api/user/{}", world.openid("xiaoming"));

        let fresh = world.get(&path).await;
        fresh.is(StatusCode::OK).success("success");
        assert_eq!(fresh.data()["exists"], true);
        assert_eq!(fresh.data()["need_auth"], false);
        let info = &fresh.data()["user_info"];
        assert_eq!(info["nickname"], "小明");
        assert_eq!(info["expires_at"].as_i64().unwrap(), info["login_time"].as_i64().unwrap() + 86_400);
        assert_eq!(info["login_time"], world.now_s());
        assert!(info["sex"].is_i64() && info["privilege"].is_array());

        world.advance(DAY - Duration::from_secs(2));
        assert_eq!(world.get(&path).await.data()["need_auth"], false);
        world.advance(Duration::from_secs(3));
        let stale = world.get(&path).await;
        assert_eq!(stale.data()["exists"], true);
        assert_eq!(stale.data()["need_auth"], true);
        assert_eq!(stale.data()["user_info"], *info);
    }

    #[tokio::test]
    async fn nobody_is_told_so() {
        let world = World::open().await;
        let answer = world.get("/api/user/oNobodyNobodyNobodyNobody").await;
        assert_eq!(*answer.is(StatusCode::OK).data(), unknown());
    }

    #[tokio::test]
    async fn in_strict_mode_only_the_person_a_key_and_staff_learn_anything() {
        let world = World::strict().await;
        let person = world.browser();
        let token = person.log_in("xiaoming").await;
        let stranger = world.browser();
        stranger.log_in("xiaohong").await;
        let path = format!("/api/user/{}", world.openid("xiaoming"));

        assert_eq!(person.get(&path).await.data()["exists"], true);
        let known = |answer: crate::testing::Answer| answer.is(StatusCode::OK).data()["exists"] == true;
        assert!(known(world.request("GET", &path).bearer(&token).send().await));
        assert!(known(world.request("GET", &path).api_key(World::API_KEY).send().await));
        assert!(known(world.request("GET", &path).bearer(World::API_KEY).send().await));
        let staff = world.staff_token("boss", weiqiao_model::Role::Admin).await;
        assert!(known(world.request("GET", &path).bearer(&staff).send().await));

        let foreign = stranger.get(&path).await;
        assert_eq!(*foreign.is(StatusCode::OK).data(), unknown());
        assert_eq!(*world.get(&path).await.is(StatusCode::OK).data(), unknown());
        assert_eq!(*world.request("GET", &path).bearer("junk").send().await.is(StatusCode::OK).data(), unknown());
        // An expired session reads like none: the page logs in again instead of failing.
        world.advance(DAY + Duration::from_secs(60));
        assert_eq!(*person.get(&path).await.is(StatusCode::OK).data(), unknown());
        // So is a key without the scope: its owner would take "unknown" for an answer.
        let narrow = world.api_key(&[weiqiao_model::ApiScope::Token]).await;
        for path in [path.as_str(), "/api/user/oNobodyNobodyNobodyNobody"] {
            let refused = world.request("GET", path).api_key(&narrow).send().await;
            refused.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING");
        }
        // A key that is wrong is a mistake its owner wants to hear of.
        world.request("GET", &path).api_key("wrong").send().await.is(StatusCode::UNAUTHORIZED);
    }

    #[rstest]
    #[case("a%20b")]
    #[case("..%2F..%2Fetc")]
    #[case("%00")]
    #[case("%FF%FE")]
    #[case("%E5%B0%8F%E6%98%8E")]
    #[case("o'or'1'='1")]
    #[tokio::test]
    async fn what_is_no_openid_is_refused(#[case] openid: &str) {
        let world = World::open().await;
        world.get(&format!("/api/user/{openid}")).await.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    }

    #[tokio::test]
    async fn a_database_that_is_down_is_not_nobody() {
        let world = World::open().await;
        world.lose_database().await;
        let answer = world.get("/api/user/oNobodyNobodyNobodyNobody").await;
        answer.is(StatusCode::SERVICE_UNAVAILABLE).code("DATABASE_UNAVAILABLE");
        assert!(answer.headers().contains_key("retry-after"));
    }
}
