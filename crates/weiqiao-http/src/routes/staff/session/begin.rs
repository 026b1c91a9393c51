//! `POST /api/auth/login`: a member of staff logs in.

use axum::extract::State;
use http::header::USER_AGENT;
use http::{HeaderMap, Method};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::usecase::staff::{StaffLogin, staff_login, staff_login_in_browser};

use super::StaffBody;
use crate::AppState;
use crate::engine::cookies::{self, StaffCookie};
use crate::engine::csrf;
use crate::engine::limit::StaffLogin as StaffLoginLimit;
use crate::engine::{ApiError, ApiJson, Envelope, Failure, Field, Input, Limited, RequestContext, Success};

/// User name and password.
#[derive(Deserialize, ToSchema)]
pub(crate) struct LoginRequest {
    /// The name they log in with; case does not matter.
    #[schema(example = "admin")]
    username: String,
    /// The password.
    #[schema(example = "correct horse battery")]
    password: String,
    /// Whether the session lasts 14 days instead of 12 hours, and 3 days unused instead of 30 minutes.
    #[schema(example = false)]
    remember: Option<bool>,
    /// For browsers: `true` sets a cookie that no script can read, and the answer holds no token.
    #[schema(example = false)]
    cookie: Option<bool>,
}

impl Input for LoginRequest {
    const NAME: &'static str = "LoginRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("username", "Username").required().max(256),
        Field::text("password", "Password").required().max(1024),
        Field::flag("remember", "Remember"),
        Field::flag("cookie", "Cookie"),
    ];
}

/// They are in.
#[derive(Serialize, ToSchema)]
pub(crate) struct StaffLoggedIn {
    /// The staff token, for `Authorization: Bearer`; missing when a cookie was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "eyJ0eXAiOiJzdGFmZitqd3QiLCJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl")]
    access_token: Option<String>,
    /// When it ends, epoch seconds.
    #[schema(example = 1_757_149_090_i64)]
    expires_at: i64,
    /// Who they are.
    user: StaffBody,
}

/// Logs a member of staff in. After five failures of one user and address within 15 minutes the door stays shut for a minute,
/// then for ten, an hour, a day; twenty from addresses nobody ever logged in from shut it for those.
#[utoipa::path(
    post, path = "/api/auth/login", tag = "staff", operation_id = "staff_login", request_body = LoginRequest,
    responses(
        (status = 200, description = "logged in", body = Success<StaffLoggedIn>),
        (status = 400, description = "no user name or no password", body = Failure),
        (status = 401, description = "unknown user or wrong password", body = Failure),
        (status = 403, description = "a cookie was asked for by a page of another site", body = Failure),
        (status = 429, description = "too many failures, or too many logins at once", body = Failure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<StaffLoginLimit>,
    context: RequestContext,
    headers: HeaderMap,
    ApiJson(request): ApiJson<LoginRequest>,
) -> Result<(HeaderMap, Envelope<StaffLoggedIn>), ApiError> {
    let ip = context.client_ip.to_string();
    let login = StaffLogin {
        user_agent: headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()),
        remember: request.remember == Some(true),
        ..StaffLogin::new(&request.username, &request.password, &ip)
    };
    if request.cookie == Some(true) {
        // Nobody is to be logged in as somebody else by another site's page.
        csrf::check_staff(&Method::POST, &headers, state.settings())?;
        let shown = cookies::get(&headers, state.staff_cookie());
        let answer = staff_login_in_browser(state.app(), login, shown).await?;
        let (name, secure) = (state.staff_cookie(), state.settings().is_https());
        let cookie = StaffCookie { name, value: &answer.cookie, max_age_s: answer.max_age_s, secure };
        let body = StaffLoggedIn { access_token: None, expires_at: answer.expires_at, user: answer.user.into() };
        let mut out = HeaderMap::new();
        cookie.write(&mut out)?;
        return Ok((out, Envelope::of(body)));
    }
    let answer = staff_login(state.app(), login).await?;
    let body = StaffLoggedIn {
        access_token: Some(answer.access_token),
        expires_at: answer.expires_at,
        user: answer.user.into(),
    };
    Ok((HeaderMap::new(), Envelope::of(body)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;
    use rstest::rstest;
    use serde_json::json;
    use weiqiao_model::Role;

    use crate::testing::{Answer, World};

    async fn log_in(world: &World, username: &str, password: &str, ip: &str) -> Answer {
        let body = json!({ "username": username, "password": password }).to_string();
        world.request("POST", "/api/auth/login").at_ip(ip).json(&body).send().await
    }

    #[tokio::test]
    async fn the_answer_tells_who_they_are() {
        let world = World::strict().await;
        world.staff_token("Boss", Role::Admin).await;
        let answer = log_in(&world, "BOSS", World::PASSWORD, "203.0.113.9").await;
        answer.is(StatusCode::OK).success("success");
        let user = answer.data()["user"].as_object().unwrap();
        for field in ["id", "username", "name", "phone", "email", "avatar", "role", "department", "permissions"] {
            assert!(user.contains_key(field), "{field}");
        }
        assert_eq!((&user["username"], &user["role"]), (&json!("boss"), &json!("admin")));
        assert!(!answer.text().contains("$argon2"));
    }

    #[tokio::test]
    async fn unknown_and_wrong_are_one_answer() {
        let world = World::strict().await;
        world.staff_token("boss", Role::Admin).await;
        let wrong = log_in(&world, "boss", "wrong wrong wrong", "203.0.113.9").await;
        wrong.is(StatusCode::UNAUTHORIZED).failure("INVALID_CREDENTIALS", "用户名或密码错误");
        let unknown = log_in(&world, "nobody", "wrong wrong wrong", "203.0.113.9").await;
        unknown.is(StatusCode::UNAUTHORIZED).failure("INVALID_CREDENTIALS", "用户名或密码错误");
    }

    #[tokio::test]
    async fn five_failures_shut_the_door_for_that_user_and_address() {
        let world = World::strict().await;
        world.staff_token("boss", Role::Admin).await;
        for _ in 0..5 {
            log_in(&world, "boss", "wrong wrong wrong", "203.0.113.9").await.is(StatusCode::UNAUTHORIZED);
        }
        let shut = log_in(&world, "boss", World::PASSWORD, "203.0.113.9").await;
        shut.is(StatusCode::TOO_MANY_REQUESTS).failure("TOO_MANY_ATTEMPTS", "登录尝试次数过多，请稍后再试");
        assert_eq!(shut.header("retry-after"), "60");
        log_in(&world, "boss", World::PASSWORD, "198.51.100.7").await.is(StatusCode::OK);
        world.advance(Duration::from_secs(901));
        log_in(&world, "boss", World::PASSWORD, "203.0.113.9").await.is(StatusCode::OK);
    }

    #[rstest]
    #[case("{}", &["Username", "Password"])]
    #[case(r#"{"username":"boss"}"#, &["Password"])]
    #[case(r#"{"username":"","password":"x"}"#, &["Username"])]
    #[tokio::test]
    async fn every_missing_field_is_named(#[case] body: &str, #[case] missing: &[&str]) {
        let world = World::open().await;
        let answer = world.post("/api/auth/login", body).await;
        let lines: Vec<_> = missing
            .iter()
            .map(|field| {
                format!("Key: 'LoginRequest.{field}' Error:Field validation for '{field}' failed on the 'required' tag")
            })
            .collect();
        let message = format!("请求参数错误: {}", lines.join("\n"));
        answer.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", &message);
        assert_eq!(answer.error()["details"].as_array().unwrap().len(), missing.len());
    }
}
