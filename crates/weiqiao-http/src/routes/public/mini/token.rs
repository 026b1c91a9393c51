//! `POST /auth/wechat/mini`: a mini program's code for a token, and nothing else.

use axum::extract::State;

use super::super::login::exchange::AccountQuery;
use super::super::login::token::TokenBody;
use super::{MiniLoginRequest, log_in};
use crate::AppState;
use crate::engine::limit::Login;
use crate::engine::visitor::Visitor;
use crate::engine::{ApiError, ApiJson, ApiQuery, Envelope, Failure, Limited, RequestContext, Success};

/// Logs in with a code of `wx.login`; the answer holds only the token.
#[utoipa::path(
    post, path = "/auth/wechat/mini", tag = "mini program", operation_id = "mini_token", params(AccountQuery),
    request_body = MiniLoginRequest,
    responses(
        (status = 200, description = "logged in", body = Success<TokenBody>),
        (status = 400, description = "no code, or one that another device used", body = Failure),
        (status = 500, description = "WeChat refused the code", body = Failure),
    ),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Login>,
    context: RequestContext,
    visitor: Visitor,
    ApiQuery(AccountQuery { account }): ApiQuery<AccountQuery>,
    ApiJson(request): ApiJson<MiniLoginRequest>,
) -> Result<Envelope<TokenBody>, ApiError> {
    let answer = log_in(&state, &context, visitor, account.as_deref(), &request).await?;
    Ok(Envelope::of(TokenBody { token: answer.token }))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use crate::testing::World;

    #[tokio::test]
    async fn the_answer_is_a_token_that_works() {
        let world = World::strict().await;
        let code = world.mini_code("xiaoming");
        let answer = world.post("/auth/wechat/mini", format!(r#"{{"code":"{code}"}}"#)).await;
        answer.is(StatusCode::OK).success("success");
        assert_eq!(answer.data().as_object().unwrap().len(), 1);
        let token = answer.data()["token"].as_str().unwrap();
        world.request("GET", "/api/me").bearer(token).send().await.is(StatusCode::OK);
    }

    #[tokio::test]
    async fn a_missing_and_a_refused_code() {
        let world = World::open().await;
        world.post("/auth/wechat/mini", "{}").await.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
        let refused = world.post("/auth/wechat/mini", r#"{"code":"never"}"#).await;
        refused.is(StatusCode::INTERNAL_SERVER_ERROR).code("GET_OPENID_FAILED");
    }
}
