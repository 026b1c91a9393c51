//! `POST /auth/wechat`: a code for a token, and nothing else: the shape of the first login kit.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::poster::{Posted, Poster};
use crate::AppState;
use crate::engine::limit::Login;
use crate::engine::{ApiAny, ApiError, Envelope, Failure, Field, Input, Limited, Success};

/// The code, in the query, in a form or in JSON.
#[derive(Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TokenRequest {
    /// The code; good once, for five minutes.
    #[schema(example = "0c3aBcDeFgHiJkLmNoPqRsTuVwXyZ012")]
    #[param(required = false)]
    code: String,
    /// The state that came with it.
    state: Option<String>,
    /// Another official account than the default one.
    account: Option<String>,
}

impl Input for TokenRequest {
    const NAME: &'static str = "TokenRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("code", "Code").required().max(512),
        Field::text("state", "State").max(1024),
        Field::text("account", "Account"),
    ];
}

/// A session token.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenBody {
    /// For `Authorization: Bearer`.
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl")]
    pub(crate) token: String,
}

/// Logs in with a code; the answer holds only the token.
#[utoipa::path(
    post, path = "/auth/wechat", tag = "login", operation_id = "wechat_token", params(TokenRequest),
    request_body(content(
        (TokenRequest = "application/json"),
        (TokenRequest = "application/x-www-form-urlencoded"),
    )),
    responses(
        (status = 200, description = "logged in; the session cookie is set, except for an API key and for a page of another origin without a state bound to its browser", body = Success<TokenBody>),
        (status = 400, description = "no code, a bad state, or a code somebody else used", body = Failure),
        (status = 401, description = "an API key that is wrong", body = Failure),
        (status = 403, description = "a snapshot page's made-up person, or a key without the scope", body = Failure),
        (status = 500, description = "WeChat refused the code or the user info", body = Failure),
    ),
    security((), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Login>,
    poster: Poster,
    ApiAny(request): ApiAny<TokenRequest>,
) -> Result<Response, ApiError> {
    let TokenRequest { account, code, state: brought } = &request;
    let posted = Posted { account: account.as_deref(), code, state: brought.as_deref() };
    let (cookies, answer) = poster.log_in(&state, posted).await?;
    Ok((cookies, Envelope::of(TokenBody { token: answer.token })).into_response())
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use crate::testing::World;

    const PATH: &str = "/auth/wechat";

    #[tokio::test]
    async fn the_code_may_come_in_the_query_a_form_or_json() {
        let world = World::open().await;
        let code = || world.code("xiaoming");
        let by_query = world.request("POST", &format!("{PATH}?code={}", code()));
        let by_form = world.request("POST", PATH).form(&format!("code={}", code()));
        let by_json = world.request("POST", PATH).json(&format!(r#"{{"code":"{}"}}"#, code()));
        for call in [by_query, by_form, by_json] {
            let answer = call.send().await;
            let data = answer.is(StatusCode::OK).data().as_object().unwrap();
            assert_eq!(data.len(), 1);
            let token = data["token"].as_str().unwrap();
            world.request("GET", "/api/me").bearer(token).send().await.is(StatusCode::OK);
        }
    }

    #[tokio::test]
    async fn no_code_two_codes_and_other_bodies_are_refused() {
        let world = World::open().await;
        let missing = world.request("POST", PATH).send().await;
        missing.is(StatusCode::BAD_REQUEST).failure(
            "VALIDATION_FAILED",
            "请求参数错误: Key: 'TokenRequest.Code' Error:Field validation for 'Code' failed on the 'required' tag",
        );
        let both = world.request("POST", &format!("{PATH}?code=a")).form("code=b").send().await;
        both.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", "请求参数错误: code 重复出现");
        let twice = world.request("POST", &format!("{PATH}?code=a&code=b")).send().await;
        twice.is(StatusCode::BAD_REQUEST);
        let xml = world.request("POST", PATH).header("content-type", "text/xml").body("<code/>").send().await;
        xml.is(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(world.wechat_calls("/sns/oauth2/access_token"), 0);
    }

    #[tokio::test]
    async fn a_refused_code_has_the_documented_text() {
        let world = World::open().await;
        let answer = world.request("POST", &format!("{PATH}?code=never")).send().await;
        answer.is(StatusCode::INTERNAL_SERVER_ERROR);
        answer.failure("WECHAT_LOGIN_FAILED", "微信登录失败: wechat api error: 40029 - invalid code");
    }

    #[tokio::test]
    async fn in_strict_mode_a_state_is_needed_here_too() {
        let world = World::strict().await;
        let answer = world.request("POST", &format!("{PATH}?code={}", world.code("xiaoming"))).send().await;
        answer.is(StatusCode::BAD_REQUEST).code("STATE_REQUIRED");
        let key = world.api_key(&[weiqiao_model::ApiScope::LoginExchange]).await;
        let code = world.code("xiaoming");
        let answer = world.request("POST", &format!("{PATH}?code={code}")).api_key(&key).send().await;
        assert!(answer.is(StatusCode::OK).headers().get("set-cookie").is_none());
    }

    /// A form that leaves a field of its action empty, or a front end that always appends `?code=`.
    #[tokio::test]
    async fn an_empty_field_is_no_second_value() {
        let world = World::open().await;
        let code = || world.code("xiaoming");
        let post = |query: &str| world.request("POST", &format!("{PATH}?{query}"));
        post("code=").json(&format!(r#"{{"code":"{}"}}"#, code())).send().await.is(StatusCode::OK);
        post("code=&state=").form(&format!("code={}", code())).send().await.is(StatusCode::OK);
        post(&format!("code={}", code())).json(r#"{"code":""}"#).send().await.is(StatusCode::OK);
        let none = post("code=").json(r#"{"code":" "}"#).send().await;
        none.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
        post("code=a").json(r#"{"code":"b"}"#).send().await.is(StatusCode::BAD_REQUEST);
    }
}
