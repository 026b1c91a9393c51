//! `POST /api/admin/leads/{id}/assign`: give a lead to an advisor.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::lead::assign_lead;

use super::LeadBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::AssignLeads;
use crate::engine::{Allowed, ApiError, ApiJson, ApiPath, Envelope, Failure, Field, Input, Limited, Success};

/// To whom.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct AssignLeadRequest {
    /// An advisor the lead's mini program knows.
    #[schema(example = "advisor-li")]
    advisor_id: String,
    /// The `version` of the lead as it was read: when it is another one by now, nothing is done.
    #[schema(example = 1)]
    if_match: Option<i64>,
}

impl Input for AssignLeadRequest {
    const NAME: &'static str = "AssignLeadRequest";
    const FIELDS: &'static [Field] =
        &[Field::text("advisor_id", "AdvisorId").required().max(128), Field::whole("if_match", "IfMatch")];
}

/// Gives a lead to an advisor, whoever had it.
#[utoipa::path(
    post, path = "/api/admin/leads/{id}/assign", tag = "leads", operation_id = "assign_lead",
    params(("id" = String, Path, description = "our id of the lead")), request_body = AssignLeadRequest,
    responses(
        (status = 200, description = "it is theirs", body = Success<LeadBody>),
        (status = 400, description = "nobody knows the advisor", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such lead", body = Failure),
        (status = 409, description = "somebody else changed it (`CHANGED_MEANWHILE`)", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<AssignLeads>,
    ApiPath(id): ApiPath,
    ApiJson(request): ApiJson<AssignLeadRequest>,
) -> Result<Envelope<LeadBody>, ApiError> {
    let AssignLeadRequest { advisor_id, if_match } = request;
    let lead = assign_lead(state.app(), allowed.caller(), &id, advisor_id.trim(), if_match).await?;
    Ok(Envelope::of(lead.into()))
}
