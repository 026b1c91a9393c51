//! `POST /api/wechat/openid`: a mini program brings the code of `wx.login`, and gets its openid and a session.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::login::exchange::AccountQuery;
use super::{MiniLoginRequest, log_in};
use crate::AppState;
use crate::engine::limit::Login;
use crate::engine::visitor::Visitor;
use crate::engine::{ApiError, ApiJson, ApiQuery, Envelope, Failure, Limited, RequestContext, Success};

/// Somebody is logged in. The session key stays with us.
#[derive(Serialize, ToSchema)]
pub(crate) struct MiniLoggedIn {
    /// Who it is to this mini program.
    #[schema(example = "oGZUI0egBJY1zhBYw2KhdUfwVJJE")]
    openid: String,
    /// The session token, for `Authorization: Bearer`.
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl")]
    token: String,
    /// When token and session end, epoch seconds.
    #[schema(example = 1_757_149_090_i64)]
    expires_at: i64,
}

/// Logs in with a code of `wx.login`.
#[utoipa::path(
    post, path = "/api/wechat/openid", tag = "mini program", operation_id = "mini_openid", params(AccountQuery),
    request_body = MiniLoginRequest,
    responses(
        (status = 200, description = "logged in", body = Success<MiniLoggedIn>),
        (status = 400, description = "no code, or one that another device used", body = Failure),
        (status = 429, description = "too many logins", body = Failure),
        (status = 500, description = "WeChat refused the code", body = Failure),
        (status = 503, description = "the database is down", body = Failure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Login>,
    context: RequestContext,
    visitor: Visitor,
    ApiQuery(AccountQuery { account }): ApiQuery<AccountQuery>,
    ApiJson(request): ApiJson<MiniLoginRequest>,
) -> Result<Envelope<MiniLoggedIn>, ApiError> {
    let answer = log_in(&state, &context, visitor, account.as_deref(), &request).await?;
    let body = MiniLoggedIn { openid: answer.openid, token: answer.token, expires_at: answer.expires_at };
    Ok(Envelope::with_message("获取openid成功", body))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use serde_json::json;

    use crate::testing::World;

    const PATH: &str = "/api/wechat/openid";

    fn body(code: &str) -> String {
        json!({ "code": code }).to_string()
    }

    #[tokio::test]
    async fn a_code_becomes_an_openid_and_a_session_and_nothing_else() {
        let world = World::strict().await;
        let answer = world.post(PATH, body(&world.mini_code("xiaohong"))).await;
        answer.is(StatusCode::OK).success("获取openid成功");
        let fields: Vec<_> = answer.data().as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["expires_at", "openid", "token"]);
        assert_eq!(answer.data()["openid"], world.emulator.openid("xiaohong", "mini"));
        assert_eq!(answer.data()["expires_at"], world.now_s() + 86_400);
        let token = answer.data()["token"].as_str().unwrap();
        world.request("GET", "/api/me").bearer(token).send().await.is(StatusCode::OK);
        assert!(answer.headers().get("set-cookie").is_none());
    }

    #[tokio::test]
    async fn refusals_have_the_documented_text_and_word() {
        let world = World::open().await;
        let answer = world.post(PATH, body("never-issued")).await;
        answer.is(StatusCode::INTERNAL_SERVER_ERROR).failure("GET_OPENID_FAILED", "获取用户信息失败: invalid code");
        assert_eq!(answer.error()["errcode"], 40029);
        assert!(answer.error()["hint"].as_str().unwrap().contains("/api/wechat/auth"));
        let web = world.post(PATH, body(&world.code("xiaoming"))).await;
        web.is(StatusCode::INTERNAL_SERVER_ERROR).code("GET_OPENID_FAILED");
    }

    #[tokio::test]
    async fn without_a_code_wechat_is_not_asked() {
        let world = World::open().await;
        for request in ["{}", r#"{"code":""}"#, ""] {
            let answer = world.post(PATH, request).await;
            answer.is(StatusCode::BAD_REQUEST).failure(
                "VALIDATION_FAILED",
                "请求参数错误: Key: 'MiniLoginRequest.Code' Error:Field validation for 'Code' failed on the 'required' tag",
            );
        }
        assert_eq!(world.wechat_calls("/sns/jscode2session"), 0);
    }

    #[tokio::test]
    async fn a_double_tap_is_one_login_and_another_device_is_refused() {
        let world = World::open().await;
        let request = body(&world.mini_code("xiaoming"));
        let post =
            || world.request("POST", PATH).at_ip("203.0.113.9").header("user-agent", "phone").json(&request).send();
        let answers = futures_util::future::join_all((0..50).map(|_| post())).await;
        let first = answers.first().unwrap().is(StatusCode::OK).data();
        assert!(answers.iter().all(|answer| answer.data() == first));
        assert_eq!(world.wechat_calls("/sns/jscode2session"), 1);
        let other = world.request("POST", PATH).at_ip("198.51.100.7").header("user-agent", "other").json(&request);
        other.send().await.is(StatusCode::BAD_REQUEST).code("CODE_ALREADY_USED");
    }

    #[tokio::test]
    async fn an_account_of_another_kind_is_refused() {
        let world = World::open().await;
        let path = format!("{PATH}?account=official");
        world.post(&path, body("x")).await.is(StatusCode::NOT_FOUND).code("ACCOUNT_UNKNOWN");
    }
}
