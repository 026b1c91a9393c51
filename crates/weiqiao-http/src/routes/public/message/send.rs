//! `POST /api/message/send`: one subscribe message, sent at once.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use weiqiao_app::usecase::message::{MessageDraft, SendMessage, send_message};

use super::super::login::exchange::AccountQuery;
use crate::AppState;
use crate::engine::limit::Message;
use crate::engine::{
    ApiError, ApiJson, ApiQuery, Envelope, Failure, Field, IdempotencyName, Input, KnownCaller, Limited, Success,
};

/// A message.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct SendMessageRequest {
    /// Whose openid.
    #[schema(example = "oGZUI0egBJY1zhBYw2KhdUfwVJJE")]
    touser: String,
    /// Which template.
    #[schema(example = "weiqiao-demo-customer-notification-template")]
    template_id: String,
    /// Its values, by field.
    #[schema(value_type = Object, example = json!({"thing1": {"value": "您有新的预约"}}))]
    data: Map<String, Value>,
    /// The page a tap opens.
    #[schema(example = "pages/index/index?id=1")]
    page: Option<String>,
    /// `formal` (when missing), `trial`, `developer`.
    miniprogram_state: Option<String>,
    /// `zh_CN` (when missing), `en_US`, `zh_HK`, `zh_TW`.
    lang: Option<String>,
}

impl Input for SendMessageRequest {
    const NAME: &'static str = "SendMessageRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("touser", "Touser").required().max(128),
        Field::text("template_id", "TemplateId").required().max(128),
        Field::object("data", "Data").required(),
        Field::text("page", "Page"),
        Field::text("miniprogram_state", "MiniprogramState").max(32),
        Field::text("lang", "Lang").max(32),
    ];
}

/// WeChat took it.
#[derive(Serialize, ToSchema)]
pub(crate) struct SentMessageBody {
    /// Always 0.
    #[schema(example = 0)]
    errcode: i64,
    /// Always `ok`.
    #[schema(example = "ok")]
    errmsg: &'static str,
    /// WeChat's number of the message; larger than JavaScript counts.
    #[schema(example = 3_248_682_510_344_192_008_i64)]
    msgid: Option<i64>,
}

/// Sends a subscribe message and waits for WeChat's answer. What was sent is listed under `/api/admin/notifications`.
#[utoipa::path(
    post, path = "/api/message/send", tag = "mini program", operation_id = "send_message",
    params(AccountQuery, ("Idempotency-Key" = Option<String>, Header, description = "so that a repeated request sends nothing and gets the first answer, for a day")),
    request_body = SendMessageRequest,
    responses(
        (status = 200, description = "WeChat took it", body = Success<SentMessageBody>),
        (status = 400, description = "a field is missing or wrong", body = Failure),
        (status = 401, description = "strict mode: neither key nor staff", body = Failure),
        (status = 403, description = "strict mode: without the right; or a template or recipient that is not allowed", body = Failure),
        (status = 409, description = "the idempotency key was used for another request, that is still under way, or its answer went with the person it was about", body = Failure),
        (status = 429, description = "above the sender's rate, or the day's allowance is used up", body = Failure),
        (status = 500, description = "WeChat refused it, or did not answer", body = Failure),
        (status = 503, description = "the database is down", body = Failure),
    ),
    security((), ("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Message>,
    KnownCaller(caller): KnownCaller,
    IdempotencyName(idempotency_key): IdempotencyName,
    ApiQuery(AccountQuery { account }): ApiQuery<AccountQuery>,
    ApiJson(request): ApiJson<SendMessageRequest>,
) -> Result<Envelope<SentMessageBody>, ApiError> {
    let SendMessageRequest { touser, template_id, data, page, miniprogram_state, lang } = request;
    let draft = MessageDraft { data, page, miniprogram_state, lang };
    let message = SendMessage { account: account.as_deref(), touser, template_id, draft, idempotency_key };
    let sent = send_message(state.app(), &caller, message).await?;
    let body = SentMessageBody { errcode: 0, errmsg: "ok", msgid: sent.msgid };
    Ok(Envelope::with_message("发送订阅消息成功", body))
}
