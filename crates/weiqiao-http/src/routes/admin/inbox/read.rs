//! `GET /api/admin/inbox/{id}`: what was said, and what was answered.

use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use weiqiao_app::usecase::inbox::find_inbox;

use super::PushBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadMessages;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// A push with what was said in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpenedPushBody {
    /// What is known without opening it.
    #[serde(flatten)]
    push: PushBody,
    /// The message as WeChat sent it, decrypted; nothing once the person it is about left or is to be forgotten.
    #[schema(example = "<xml><ToUserName>gh_97417a04a28d</ToUserName>…</xml>")]
    raw: Option<String>,
    /// The same, read: what webhooks get.
    #[schema(value_type = Option<Object>, example = json!({"type": "text", "data": {"content": "你好"}}))]
    message: Option<Value>,
    /// What was answered.
    #[schema(value_type = Option<Object>, example = json!({"type": "text", "content": "你好"}))]
    reply: Option<Value>,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

/// Opens a push. For those who may read what people write.
#[utoipa::path(
    get, path = "/api/admin/inbox/{id}", tag = "callbacks", operation_id = "read_inbox",
    params(("id" = String, Path, description = "our id of the push")),
    responses(
        (status = 200, description = "the push", body = Success<OpenedPushBody>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "none, or no longer kept", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadMessages>,
    ApiPath(id): ApiPath,
) -> Result<Envelope<OpenedPushBody>, ApiError> {
    let found = find_inbox(state.app(), allowed.caller(), &id).await?;
    let reply = found.reply.map(serde_json::to_value).transpose().map_err(ApiError::internal)?;
    let (push, damaged) = (found.listed.into(), found.damaged.into_names());
    Ok(Envelope::of(OpenedPushBody { push, raw: found.body, message: found.message, reply, damaged }))
}
