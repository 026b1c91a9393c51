//! `PATCH /api/admin/leads/{id}`: say more about a lead.

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use weiqiao_app::usecase::lead::{LeadPatch, change_lead};

use super::LeadBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageLeads;
use crate::engine::{
    Allowed, ApiError, ApiJson, ApiPath, Envelope, Failure, Field, FieldDetail, Input, Limited, Success,
};

/// What is to be changed. An empty `remarks` says something, unlike other empty fields.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct ChangeLeadRequest(Map<String, Value>);

impl Input for ChangeLeadRequest {
    const NAME: &'static str = "ChangeLeadRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("level", "Level").max(32),
        Field::text("contract_status", "ContractStatus").max(32),
        Field::text("name", "Name").max(256),
        Field::free("remarks", "Remarks"),
        Field::whole("if_match", "IfMatch"),
    ];
}

/// What is to be changed; what is missing stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body for people")]
pub(crate) struct ChangeLeadText {
    /// `O类`, `A类`, `B类`, `C类`, `D类` or `流失`.
    #[schema(example = "A类")]
    level: Option<String>,
    /// `待定`, `匹配中`, `已面试`, `已签约`, `已退款`, `退款/理赔` or `流失客户`.
    #[schema(example = "已签约")]
    contract_status: Option<String>,
    /// The name, 1 to 64 characters.
    #[schema(example = "王小明")]
    name: Option<String>,
    /// What is to be noted, at most 2,000 characters; empty: nothing.
    #[schema(example = "希望下周面试")]
    remarks: Option<String>,
    /// The `version` of the lead as it was read: when it is another one by now, nothing is done.
    #[schema(example = 1)]
    if_match: Option<i64>,
}

/// Changes a lead. Advisors change their own.
#[utoipa::path(
    patch, path = "/api/admin/leads/{id}", tag = "leads", operation_id = "change_lead",
    params(("id" = String, Path, description = "our id of the lead")), request_body = ChangeLeadText,
    responses(
        (status = 200, description = "changed", body = Success<LeadBody>),
        (status = 400, description = "a field is wrong; `details` names it", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right, or an advisor changes a lead of the pool (`LEAD_IN_POOL`)", body = Failure),
        (status = 404, description = "no such lead, or not one of an advisor's", body = Failure),
        (status = 409, description = "somebody else changed it (`CHANGED_MEANWHILE`)", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageLeads>,
    ApiPath(id): ApiPath,
    ApiJson(ChangeLeadRequest(mut fields)): ApiJson<ChangeLeadRequest>,
) -> Result<Envelope<LeadBody>, ApiError> {
    let mut text = |field: &str| match fields.remove(field) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let (level, contract_status, name) = (text("level"), text("contract_status"), text("name"));
    let remarks = match fields.remove("remarks") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text),
        Some(_) => {
            let message = "remarks 必须是字符串".to_owned();
            let detail = FieldDetail { field: "remarks".into(), rule: "type", message: message.clone() };
            return Err(ApiError::validation(&message, vec![detail]));
        }
    };
    let if_match = fields.get("if_match").and_then(Value::as_i64);
    let patch = LeadPatch { level, contract_status, name, remarks, if_match };
    Ok(Envelope::of(change_lead(state.app(), allowed.caller(), &id, patch).await?.into()))
}
