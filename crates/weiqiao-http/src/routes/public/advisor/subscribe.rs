//! `POST /api/advisor/subscribe`: an advisor says whether they want to be told.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use weiqiao_app::usecase::advisor::{Subscribe, Subscription, subscribe};

use super::super::login::exchange::AccountQuery;
use crate::AppState;
use crate::engine::iso::iso;
use crate::engine::limit::Mini;
use crate::engine::{
    ApiError, ApiJson, ApiQuery, Envelope, Failure, Field, IdempotencyName, Input, KnownCaller, Limited, Success,
};

/// What an advisor says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdvisorSubscribeRequest {
    /// Your name for the advisor.
    #[schema(example = "advisor-li")]
    advisor_id: String,
    /// Who receives the messages; in strict mode the session's.
    #[schema(example = "oGZUI0egBJY1zhBYw2KhdUfwVJJE")]
    openid: String,
    /// The template `wx.requestSubscribeMessage` was called with.
    #[schema(example = "weiqiao-demo-customer-notification-template")]
    template_id: String,
    /// Whether they are wanted.
    #[schema(example = true)]
    subscribed: bool,
    /// What to keep with it, such as the answer of `wx.requestSubscribeMessage`.
    #[schema(value_type = Option<Object>)]
    subscribe_data: Option<Value>,
}

impl Input for AdvisorSubscribeRequest {
    const NAME: &'static str = "AdvisorSubscribeRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("advisorId", "AdvisorId").required().max(128),
        Field::text("openid", "Openid").required().max(128),
        Field::text("templateId", "TemplateId").required().max(128),
        Field::flag("subscribed", "Subscribed").required(),
        Field::object("subscribeData", "SubscribeData"),
    ];
}

/// A subscription. Times are ISO 8601.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SubscriptionBody {
    /// Our id of it.
    #[serde(rename = "_id")]
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// Your name for the advisor.
    #[schema(example = "advisor-li")]
    advisor_id: String,
    /// Who receives the messages.
    #[schema(example = "oGZUI0egBJY1zhBYw2KhdUfwVJJE")]
    openid: Option<String>,
    /// Which messages.
    #[schema(example = "weiqiao-demo-customer-notification-template")]
    template_id: String,
    /// Whether they are wanted.
    #[schema(example = true)]
    subscribed: bool,
    /// When that was last said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2025-09-05T08:58:10.123Z")]
    subscribe_time: Option<String>,
    /// When the opposite was last said.
    #[serde(skip_serializing_if = "Option::is_none")]
    unsubscribe_time: Option<String>,
    /// What is kept with it.
    #[schema(value_type = Object)]
    subscribe_data: Value,
    /// Whether a message may be sent: they are wanted, and WeChat has not said that none is left.
    #[schema(example = true)]
    active: bool,
    /// How many are left, as far as can be counted: for display only.
    #[schema(example = 1)]
    credits: i64,
    /// When it was first heard of.
    #[schema(example = "2025-09-05T08:58:10.123Z")]
    created_at: String,
    /// When anything about it changed last.
    #[schema(example = "2025-09-05T08:58:10.123Z")]
    updated_at: String,
}

impl From<Subscription> for SubscriptionBody {
    fn from(one: Subscription) -> Self {
        Self {
            id: one.id,
            advisor_id: one.advisor_id,
            openid: one.openid,
            template_id: one.template_id,
            subscribed: one.subscribed,
            subscribe_time: one.subscribed_at.map(iso),
            unsubscribe_time: one.unsubscribed_at.map(iso),
            subscribe_data: one.data,
            active: one.active,
            credits: one.credits,
            created_at: iso(one.created_at),
            updated_at: iso(one.updated_at),
        }
    }
}

/// Saves whether an advisor wants to be told. One row per advisor, openid and template.
#[utoipa::path(
    post, path = "/api/advisor/subscribe", tag = "mini program", operation_id = "advisor_subscribe",
    params(AccountQuery, ("Idempotency-Key" = Option<String>, Header, description = "so that a repeated request changes nothing and gets the first answer, for a day")),
    request_body = AdvisorSubscribeRequest,
    responses(
        (status = 200, description = "saved", body = Success<SubscriptionBody>),
        (status = 400, description = "a field is missing or wrong", body = Failure),
        (status = 401, description = "strict mode: neither session nor key", body = Failure),
        (status = 403, description = "strict mode: not the session's openid, or not their advisor; or a template that is not allowed", body = Failure),
        (status = 409, description = "the idempotency key was used for another request, or its answer went with the person it was about", body = Failure),
        (status = 503, description = "the database is down", body = Failure),
    ),
    security((), ("session" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Mini>,
    KnownCaller(caller): KnownCaller,
    IdempotencyName(idempotency_key): IdempotencyName,
    ApiQuery(AccountQuery { account }): ApiQuery<AccountQuery>,
    ApiJson(request): ApiJson<AdvisorSubscribeRequest>,
) -> Result<Envelope<SubscriptionBody>, ApiError> {
    let AdvisorSubscribeRequest { advisor_id, openid, template_id, subscribed, subscribe_data } = request;
    let (account, data) = (account.as_deref(), subscribe_data);
    let request = Subscribe { account, advisor_id, openid, template_id, subscribed, data, idempotency_key };
    let saved = subscribe(state.app(), &caller, request).await?;
    Ok(Envelope::with_message("保存订阅状态成功", saved.into()))
}
