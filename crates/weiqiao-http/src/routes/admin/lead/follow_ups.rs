//! `GET` and `POST /api/admin/leads/{id}/follow-ups`: what was done with the customer.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::usecase::lead::{FollowUp, FollowUpInput, add_follow_up, list_follow_ups};

use super::LeadActorBody;
use super::timeline::PageRequest;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::{ManageLeads, ReadLeads};
use crate::engine::{
    Allowed, ApiError, ApiJson, ApiPath, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success,
};
use crate::routes::admin::job::{millis, seconds};

/// A follow-up. Times are epoch seconds.
#[derive(Serialize, ToSchema)]
pub(crate) struct FollowUpBody {
    /// Our id of it.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d13")]
    id: String,
    /// `call`, `wechat`, `sms`, `visit` or `other`.
    #[schema(example = "call")]
    kind: String,
    /// What was said; nothing when it is to be forgotten, or not for the caller to read.
    #[schema(example = "约好周五面试")]
    text: Option<String>,
    /// When to go on.
    #[schema(example = 1_757_149_090_i64)]
    next_at: Option<i64>,
    /// When it was written down.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// Who wrote it.
    by: LeadActorBody,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

impl From<FollowUp> for FollowUpBody {
    fn from(follow_up: FollowUp) -> Self {
        let FollowUp { id, kind, text, next_at, created_at, actor, damaged } = follow_up;
        let (next_at, created_at) = (next_at.map(seconds), seconds(created_at));
        Self { id, kind, text, next_at, created_at, by: actor.into(), damaged: damaged.into_names() }
    }
}

/// What was done.
#[derive(Deserialize, ToSchema)]
pub(crate) struct AddFollowUpRequest {
    /// `call`, `wechat`, `sms`, `visit` or `other`.
    #[schema(example = "call")]
    kind: String,
    /// What was said, 1 to 2,000 characters.
    #[schema(example = "约好周五面试")]
    text: String,
    /// When to go on, epoch seconds, within two years. Missing: nothing is planned any more.
    #[schema(example = 1_757_149_090_i64)]
    next_at: Option<i64>,
}

impl Input for AddFollowUpRequest {
    const NAME: &'static str = "AddFollowUpRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("kind", "Kind").required().max(32),
        Field::lines("text", "Text").required().max(8_000),
        Field::whole("next_at", "NextAt"),
    ];
}

/// Lists the follow-ups of a lead, the newest first.
#[utoipa::path(
    get, path = "/api/admin/leads/{id}/follow-ups", tag = "leads", operation_id = "list_follow_ups",
    params(("id" = String, Path, description = "our id of the lead"), PageRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<FollowUpBody>>),
        (status = 400, description = "no such page", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right, or an advisor asks about a lead of the pool (`LEAD_IN_POOL`)", body = Failure),
        (status = 404, description = "no such lead, or not one of an advisor's", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadLeads>,
    ApiPath(id): ApiPath,
    ApiQuery(request): ApiQuery<PageRequest>,
) -> Result<Envelope<Page<FollowUpBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    let (items, total) = list_follow_ups(state.app(), allowed.caller(), &id, page, page_size).await?;
    Ok(Envelope::of(Page { items: items.into_iter().map(FollowUpBody::from).collect(), total, page, page_size }))
}

/// Writes down what was done. What is planned next is the lead's `next_follow_up_at` from then on.
#[utoipa::path(
    post, path = "/api/admin/leads/{id}/follow-ups", tag = "leads", operation_id = "add_follow_up",
    params(("id" = String, Path, description = "our id of the lead")), request_body = AddFollowUpRequest,
    responses(
        (status = 200, description = "written down", body = Success<FollowUpBody>),
        (status = 400, description = "a field is wrong; `details` names it", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right, or an advisor writes to a lead of the pool (`LEAD_IN_POOL`)", body = Failure),
        (status = 404, description = "no such lead, or not one of an advisor's", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn add(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageLeads>,
    ApiPath(id): ApiPath,
    ApiJson(request): ApiJson<AddFollowUpRequest>,
) -> Result<Envelope<FollowUpBody>, ApiError> {
    let AddFollowUpRequest { kind, text, next_at } = request;
    let input = FollowUpInput { kind, text, next_at: next_at.map(millis) };
    Ok(Envelope::of(add_follow_up(state.app(), allowed.caller(), &id, input).await?.into()))
}
