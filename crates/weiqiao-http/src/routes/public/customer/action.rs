//! `POST /api/customer/action`: a customer did something.

use axum::extract::State;
use http::HeaderMap;
use http::header::USER_AGENT;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use weiqiao_app::usecase::customer::{
    ActionDetail, LeadView, SubmitCustomerAction, SubmittedCustomerAction, submit_action,
};

use super::super::login::exchange::AccountQuery;
use crate::AppState;
use crate::engine::iso::iso;
use crate::engine::limit::Mini;
use crate::engine::{
    ApiError, ApiJson, ApiQuery, Envelope, Failure, Field, IdempotencyName, Input, KnownCaller, Limited,
    RequestContext, Success,
};

/// What a customer did.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomerActionRequest {
    /// The customer: their openid.
    #[schema(example = "oGZUI0egBJY1zhBYw2KhdUfwVJJE")]
    customer_id: String,
    /// Whose customer: your name for the advisor.
    #[schema(example = "advisor-li")]
    advisor_id: String,
    /// `view_resume`, `contact_advisor`, `book_service`, `other`; any other word counts as `other`. 1 to 64 letters, digits,
    /// `_`, `-`, `.`, `:`.
    #[schema(example = "view_resume")]
    action_type: String,
    /// What belongs to it; may be empty.
    #[schema(value_type = Object, example = json!({}))]
    action_data: Value,
    /// What the customer is called.
    #[schema(example = "王小明")]
    customer_name: Option<String>,
    /// Their phone. One of mainland China makes a lead.
    #[schema(example = "13800138000")]
    customer_phone: Option<String>,
    /// Which résumé.
    resume_id: Option<String>,
    /// The address as the client knows it; kept apart from the one we see.
    ip: Option<String>,
    /// The program as the client knows it; kept apart from what we see.
    user_agent: Option<String>,
    /// When, as the client knows it: a text of at most 64 bytes, or a number.
    timestamp: Option<ClientTime>,
    /// What else is known of the customer.
    #[schema(value_type = Option<Object>)]
    customer_info: Option<Value>,
}

impl Input for CustomerActionRequest {
    const NAME: &'static str = "CustomerActionRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("customerId", "CustomerId").required().max(128),
        Field::text("advisorId", "AdvisorId").required().max(128),
        Field::text("actionType", "ActionType").required().max(256),
        Field::object("actionData", "ActionData").required(),
        // Control characters in it are cleaned away and cost nobody a lead.
        Field::raw("customerName", "CustomerName").max(256),
        Field::lines("customerPhone", "CustomerPhone").max(64),
        Field::text("resumeId", "ResumeId").max(128),
        Field::text("ip", "Ip").max(64),
        Field::text("userAgent", "UserAgent").max(1024),
        Field::moment("timestamp", "Timestamp"),
        Field::object("customerInfo", "CustomerInfo"),
    ];
}

/// A time as a client writes it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum ClientTime {
    /// In words.
    Text(String),
    /// In whole figures.
    Whole(i64),
    /// In other figures.
    Number(f64),
}

impl From<ClientTime> for Value {
    fn from(time: ClientTime) -> Self {
        match time {
            ClientTime::Text(text) => Self::String(text),
            ClientTime::Whole(number) => number.into(),
            ClientTime::Number(number) => number.into(),
        }
    }
}

/// What was written down.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SubmittedActionBody {
    /// Our id of the action.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    action_id: String,
    /// Whether it made a lead.
    #[schema(example = true)]
    customer_created: bool,
    /// Our id of the lead it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d11")]
    customer_id: Option<String>,
    /// The action.
    action: ActionBody,
    /// The lead it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<CustomerBody>,
}

/// An action.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActionBody {
    /// Our id of it.
    #[serde(rename = "_id")]
    id: String,
    /// The customer.
    customer_id: String,
    /// Your name for the advisor.
    advisor_id: String,
    /// What it was.
    action_type: String,
    /// What belongs to it.
    #[schema(value_type = Object)]
    action_data: Value,
    /// The name that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_name: Option<String>,
    /// The phone that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_phone: Option<String>,
    /// The résumé it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    resume_id: Option<String>,
    /// Our id of the lead it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_record_id: Option<String>,
    /// Whether the advisor has been told: not yet.
    #[schema(example = false)]
    notified: bool,
    /// Whether they are going to be told: they have a subscription that is not used up, so a message is on its way.
    #[schema(example = true)]
    will_notify: bool,
    /// When, ISO 8601.
    #[schema(example = "2025-09-05T08:58:10.123Z")]
    created_at: String,
}

/// A lead: all of a new one, of an existing one what the caller said themselves.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomerBody {
    /// Our id of it.
    #[serde(rename = "_id")]
    id: String,
    /// `CUS` and digits.
    #[schema(example = "CUS17570626904711")]
    customer_id: String,
    /// The name, masked when it is another than the one sent; `null` when what is stored of it cannot be read.
    #[schema(example = "微信客户8000")]
    name: Option<String>,
    /// The phone that was sent.
    #[schema(example = "13800138000")]
    phone: String,
    /// Where it comes from.
    #[schema(example = "其他")]
    lead_source: String,
    /// The openid.
    #[serde(skip_serializing_if = "Option::is_none")]
    wechat_id: Option<String>,
    /// How far it is: `待定` at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    contract_status: Option<String>,
    /// How good it is: `B类` at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    lead_level: Option<String>,
    /// The advisor it came through.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<String>,
    /// The advisor it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned_to: Option<String>,
    /// How it came to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    remarks: Option<String>,
    /// When it was made, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
}

impl From<LeadView> for CustomerBody {
    fn from(lead: LeadView) -> Self {
        let LeadView { id, number, name, phone, source, rest } = lead;
        let (mut wechat_id, mut assigned_to) = (None, None);
        let (mut contract_status, mut lead_level, mut created_by, mut remarks, mut created_at) =
            (None, None, None, None, None);
        if let Some(rest) = rest {
            (wechat_id, assigned_to) = (rest.openid, rest.assigned_to);
            (contract_status, lead_level) = (Some(rest.contract_status), Some(rest.level));
            (created_by, remarks, created_at) = (Some(rest.created_by), rest.remarks, Some(iso(rest.created_at)));
        }
        Self {
            id,
            customer_id: number,
            name,
            phone,
            lead_source: source,
            wechat_id,
            contract_status,
            lead_level,
            created_by,
            assigned_to,
            remarks,
            created_at,
        }
    }
}

impl From<SubmittedCustomerAction> for SubmittedActionBody {
    fn from(submitted: SubmittedCustomerAction) -> Self {
        let SubmittedCustomerAction { action, lead_created, lead, owes } = submitted;
        let detail = action.detail;
        Self {
            action_id: action.id.clone(),
            customer_created: lead_created,
            customer_id: action.lead_id.clone(),
            action: ActionBody {
                id: action.id,
                customer_id: detail.customer_id,
                advisor_id: action.advisor_id,
                action_type: action.action_type,
                action_data: detail.action_data,
                customer_name: detail.customer_name,
                customer_phone: detail.customer_phone,
                resume_id: detail.resume_id,
                customer_record_id: action.lead_id,
                notified: false,
                will_notify: owes,
                created_at: iso(action.created_at),
            },
            customer: lead.map(CustomerBody::from),
        }
    }
}

/// Writes down what a customer did. A new phone makes a lead; the advisor is told when they subscribed. WeChat is not waited
/// for.
#[utoipa::path(
    post, path = "/api/customer/action", tag = "mini program", operation_id = "customer_action",
    params(AccountQuery, ("Idempotency-Key" = Option<String>, Header, description = "so that a repeated request changes nothing and gets the first answer, for a day")),
    request_body = CustomerActionRequest,
    responses(
        (status = 200, description = "written down", body = Success<SubmittedActionBody>),
        (status = 400, description = "a field is missing or wrong", body = Failure),
        (status = 401, description = "strict mode: neither session nor key", body = Failure),
        (status = 403, description = "strict mode: not the session's person, or no such advisor", body = Failure),
        (status = 409, description = "the idempotency key was used for another request, or its answer went with the person it was about", body = Failure),
        (status = 429, description = "too many, of this customer, with this phone or for this advisor", body = Failure),
        (status = 503, description = "the database is down", body = Failure),
    ),
    security((), ("session" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Mini>,
    context: RequestContext,
    KnownCaller(caller): KnownCaller,
    head: (IdempotencyName, HeaderMap),
    ApiQuery(AccountQuery { account }): ApiQuery<AccountQuery>,
    ApiJson(request): ApiJson<CustomerActionRequest>,
) -> Result<Envelope<SubmittedActionBody>, ApiError> {
    let (IdempotencyName(idempotency_key), headers) = head;
    let trimmed = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let seen_user_agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    let detail = ActionDetail {
        customer_id: request.customer_id,
        action_data: request.action_data,
        customer_name: trimmed(request.customer_name),
        customer_phone: trimmed(request.customer_phone),
        resume_id: request.resume_id,
        customer_info: request.customer_info,
        ip: request.ip,
        user_agent: request.user_agent,
        timestamp: request.timestamp.map(Value::from),
        seen_ip: Some(context.client_ip.to_string()),
        seen_user_agent: seen_user_agent.map(|agent| agent.chars().take(512).collect()),
    };
    let (advisor_id, action_type) = (request.advisor_id, request.action_type);
    let submit = SubmitCustomerAction { account: account.as_deref(), advisor_id, action_type, detail, idempotency_key };
    let submitted = submit_action(state.app(), &caller, submit).await?;
    let text = match submitted.lead_created {
        true => "记录客户行为成功，已创建新客户线索",
        false => "记录客户行为成功",
    };
    Ok(Envelope::with_message(text, submitted.into()))
}
