//! `POST /api/admin/leads/{id}/claim`: take a lead out of the public pool.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::lead::claim_lead;

use super::LeadBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageLeads;
use crate::engine::{Allowed, ApiError, ApiJson, ApiPath, Envelope, Failure, Field, Input, Limited, Success};

/// For whom.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ClaimLeadRequest {
    /// The advisor, for who is none themselves; advisors claim for themselves.
    #[schema(example = "advisor-li")]
    advisor_id: Option<String>,
}

impl Input for ClaimLeadRequest {
    const NAME: &'static str = "ClaimLeadRequest";
    const FIELDS: &'static [Field] = &[Field::text("advisor_id", "AdvisorId").max(128)];
}

/// Takes a lead out of the public pool. Of any number at the same time the first one gets it; to claim what one has already
/// changes nothing.
#[utoipa::path(
    post, path = "/api/admin/leads/{id}/claim", tag = "leads", operation_id = "claim_lead",
    params(("id" = String, Path, description = "our id of the lead")), request_body = ClaimLeadRequest,
    responses(
        (status = 200, description = "it is theirs", body = Success<LeadBody>),
        (status = 400, description = "no advisor is named, or one nobody knows", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right, or for another advisor", body = Failure),
        (status = 404, description = "no such lead, or it is another advisor's and never was in the pool", body = Failure),
        (status = 409, description = "somebody was faster (`LEAD_TAKEN`); the message says who", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageLeads>,
    ApiPath(id): ApiPath,
    ApiJson(request): ApiJson<ClaimLeadRequest>,
) -> Result<Envelope<LeadBody>, ApiError> {
    let advisor = request.advisor_id.as_deref().map(str::trim);
    Ok(Envelope::of(claim_lead(state.app(), allowed.caller(), &id, advisor).await?.into()))
}
