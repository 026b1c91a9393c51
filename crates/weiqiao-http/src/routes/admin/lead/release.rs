//! `POST /api/admin/leads/{id}/release`: give a lead back to the public pool.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::lead::release_lead;

use super::LeadBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageLeads;
use crate::engine::{Allowed, ApiError, ApiJson, ApiPath, Envelope, Failure, Field, Input, Limited, Success};

/// Under which condition.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ReleaseLeadRequest {
    /// The `version` of the lead as it was read: when it is another one by now, nothing is done.
    #[schema(example = 1)]
    if_match: Option<i64>,
}

impl Input for ReleaseLeadRequest {
    const NAME: &'static str = "ReleaseLeadRequest";
    const FIELDS: &'static [Field] = &[Field::whole("if_match", "IfMatch")];
}

/// Gives a lead back to the public pool, where every advisor sees it, masked, and may claim it.
#[utoipa::path(
    post, path = "/api/admin/leads/{id}/release", tag = "leads", operation_id = "release_lead",
    params(("id" = String, Path, description = "our id of the lead")), request_body = ReleaseLeadRequest,
    responses(
        (status = 200, description = "it is in the pool", body = Success<LeadBody>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
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
    ApiJson(request): ApiJson<ReleaseLeadRequest>,
) -> Result<Envelope<LeadBody>, ApiError> {
    Ok(Envelope::of(release_lead(state.app(), allowed.caller(), &id, request.if_match).await?.into()))
}
