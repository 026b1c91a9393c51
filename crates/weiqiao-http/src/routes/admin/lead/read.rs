//! `GET /api/admin/leads/{id}`: a lead with what happened around it.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::lead::{LeadDetail, read_lead};

use super::LeadBody;
use super::follow_ups::FollowUpBody;
use super::timeline::TimelineBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadLeads;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// A lead with the newest of what happened around it.
#[derive(Serialize, ToSchema)]
pub(crate) struct LeadDetailBody {
    #[serde(flatten)]
    lead: LeadBody,
    /// What happened, the newest first, at most 50; the rest is at `/timeline`. `null`: not before the lead is claimed.
    timeline: Option<Vec<TimelineBody>>,
    /// How much happened in all.
    #[schema(example = 3)]
    timeline_total: Option<u64>,
    /// The follow-ups, the newest first, at most 50; the rest is at `/follow-ups`. `null`: not before the lead is claimed.
    follow_ups: Option<Vec<FollowUpBody>>,
    /// How many there are in all.
    #[schema(example = 1)]
    follow_ups_total: Option<u64>,
}

impl From<LeadDetail> for LeadDetailBody {
    fn from(detail: LeadDetail) -> Self {
        let (timeline, timeline_total) = detail.timeline.unzip();
        let (follow_ups, follow_ups_total) = detail.follow_ups.unzip();
        Self {
            lead: detail.lead.into(),
            timeline: timeline.map(|items| items.into_iter().map(TimelineBody::from).collect()),
            timeline_total,
            follow_ups: follow_ups.map(|items| items.into_iter().map(FollowUpBody::from).collect()),
            follow_ups_total,
        }
    }
}

/// Reads a lead. Name and phone are masked: see `/reveal`.
#[utoipa::path(
    get, path = "/api/admin/leads/{id}", tag = "leads", operation_id = "read_lead",
    params(("id" = String, Path, description = "our id of the lead")),
    responses(
        (status = 200, description = "the lead", body = Success<LeadDetailBody>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such lead, or not one of an advisor's", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadLeads>,
    ApiPath(id): ApiPath,
) -> Result<Envelope<LeadDetailBody>, ApiError> {
    Ok(Envelope::of(read_lead(state.app(), allowed.caller(), &id).await?.into()))
}
