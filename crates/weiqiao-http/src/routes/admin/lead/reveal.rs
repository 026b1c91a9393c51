//! `POST /api/admin/leads/{id}/reveal`: who is it?

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::usecase::lead::{RevealedLead, reveal_lead};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::RevealLeads;
use crate::engine::{Allowed, ApiError, ApiJson, ApiPath, Envelope, Failure, Field, Input, Limited, Success};

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct RevealLeadRequest {
    /// Why, 2 to 200 characters.
    #[schema(example = "客户要求回电")]
    reason: String,
}

impl Input for RevealLeadRequest {
    const NAME: &'static str = "RevealLeadRequest";
    const FIELDS: &'static [Field] = &[Field::text("reason", "Reason").required().max(800)];
}

/// Who a lead is.
#[derive(Serialize, ToSchema)]
pub(crate) struct RevealedLeadBody {
    /// Our id of it.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// `CUS` and digits.
    #[schema(example = "CUS17570626904711")]
    customer_id: String,
    /// The name.
    #[schema(example = "王小明")]
    name: Option<String>,
    /// The phone.
    #[schema(example = "13800138000")]
    phone: Option<String>,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

/// Reads name and phone in clear: a right of its own (of keys, the scope `lead:reveal`), and every time is in the audit chain
/// with its reason. Advisors read their own.
#[utoipa::path(
    post, path = "/api/admin/leads/{id}/reveal", tag = "leads", operation_id = "reveal_lead",
    params(("id" = String, Path, description = "our id of the lead")), request_body = RevealLeadRequest,
    responses(
        (status = 200, description = "who it is", body = Success<RevealedLeadBody>),
        (status = 400, description = "no reason", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right, or an advisor asks about a lead of the pool (`LEAD_IN_POOL`)", body = Failure),
        (status = 404, description = "no such lead, or not one of an advisor's", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<RevealLeads>,
    ApiPath(id): ApiPath,
    ApiJson(request): ApiJson<RevealLeadRequest>,
) -> Result<Envelope<RevealedLeadBody>, ApiError> {
    let lead = reveal_lead(state.app(), allowed.caller(), &id, &request.reason).await?;
    let RevealedLead { id, number: customer_id, name, phone, damaged } = lead;
    Ok(Envelope::of(RevealedLeadBody { id, customer_id, name, phone, damaged: damaged.into_names() }))
}
