//! `GET /api/admin/accounts/{account}/ticket`: a JS-SDK or card ticket that is good for five minutes at least.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::usecase::token::{TokenKind, read_token};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadTokens;
use crate::engine::{
    Allowed, ApiError, ApiPath, ApiQuery, Envelope, Failure, Field, FieldDetail, Input, Limited, Success,
};

/// Which ticket.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReadTicketRequest {
    /// `jsapi` or `wx_card`.
    #[param(default = "jsapi")]
    r#type: Option<String>,
}

impl Input for ReadTicketRequest {
    const NAME: &'static str = "ReadTicketRequest";
    const FIELDS: &'static [Field] = &[Field::text("type", "Type")];
}

/// A ticket of the account.
#[derive(Serialize, ToSchema)]
pub(crate) struct TicketBody {
    /// What signatures are made with.
    #[schema(example = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy")]
    ticket: String,
    /// When WeChat stops accepting it, epoch seconds; five minutes away at least.
    #[schema(example = 1_757_069_890_i64)]
    expires_at: i64,
}

/// Reads a ticket of an account. For API keys with the scope `token`.
#[utoipa::path(
    get, path = "/api/admin/accounts/{account}/ticket", tag = "token centre", operation_id = "read_ticket",
    params(("account" = String, Path, description = "the account's name", example = "official"), ReadTicketRequest),
    responses(
        (status = 200, description = "the ticket", body = Success<TicketBody>),
        (status = 400, description = "no such kind of ticket", body = Failure),
        (status = 401, description = "no API key", body = Failure),
        (status = 403, description = "a key without the scope, or staff", body = Failure),
        (status = 404, description = "no such account", body = Failure),
        (status = 500, description = "WeChat refused", body = Failure),
    ),
    security(("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadTokens>,
    ApiPath(account): ApiPath,
    ApiQuery(request): ApiQuery<ReadTicketRequest>,
) -> Result<Envelope<TicketBody>, ApiError> {
    let kind = match request.r#type.as_deref() {
        None | Some("jsapi") => TokenKind::JsapiTicket,
        Some("wx_card") => TokenKind::CardTicket,
        Some(_) => {
            let message = "type 只能是 jsapi 或 wx_card";
            let detail = FieldDetail { field: "type".into(), rule: "oneof", message: message.to_owned() };
            return Err(ApiError::validation(message, vec![detail]));
        }
    };
    let ticket = read_token(state.app(), allowed.caller(), &account, kind).await?;
    Ok(Envelope::of(TicketBody { ticket: ticket.value.expose().to_owned(), expires_at: ticket.expires_at }))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use weiqiao_model::ApiScope;

    use crate::testing::World;

    const PATH: &str = "/api/admin/accounts/official/ticket";

    #[tokio::test]
    async fn the_ticket_is_the_one_that_pages_are_signed_with() {
        let world = World::strict().await;
        let answer = world.request("GET", PATH).api_key(World::API_KEY).send().await;
        assert_eq!(answer.is(StatusCode::OK).data()["ticket"], world.jsapi_ticket().await);
        let card = world.request("GET", &format!("{PATH}?type=wx_card")).api_key(World::API_KEY).send().await;
        assert_ne!(card.is(StatusCode::OK).data()["ticket"], answer.data()["ticket"]);
        let other = world.request("GET", &format!("{PATH}?type=other")).api_key(World::API_KEY).send().await;
        other.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", "请求参数错误: type 只能是 jsapi 或 wx_card");
    }

    #[tokio::test]
    async fn a_key_without_the_scope_is_refused() {
        let world = World::strict().await;
        let key = world.api_key(&[ApiScope::UserRead]).await;
        world.request("GET", PATH).api_key(&key).send().await.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING");
    }
}
