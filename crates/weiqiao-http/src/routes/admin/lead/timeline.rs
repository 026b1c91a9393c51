//! `GET /api/admin/leads/{id}/timeline`: what happened around a lead.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::usecase::lead::{TimelineItem, TimelineKind, read_timeline};

use super::LeadActorBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ReadLeads;
use crate::engine::{Allowed, ApiError, ApiPath, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};
use crate::routes::admin::job::seconds;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    pub(super) page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    pub(super) page_size: Option<i64>,
}

impl Input for PageRequest {
    const NAME: &'static str = "PageRequest";
    const FIELDS: &'static [Field] = &[Field::whole("page", "Page"), Field::whole("page_size", "PageSize")];
}

/// Something that happened. Which fields are there depends on `type`.
#[derive(Serialize, ToSchema)]
pub(crate) struct TimelineBody {
    /// The id of the action, the notification, the follow-up or the change.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d12")]
    id: String,
    /// When, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    at: i64,
    /// `action`, `notification`, `follow_up`, `assigned`, `claimed`, `released` or `changed`.
    #[schema(example = "assigned")]
    r#type: String,
    /// The rest.
    #[serde(flatten)]
    what: TimelineWhatBody,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

/// What happened.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum TimelineWhatBody {
    /// Of `action`: the customer did something.
    Action {
        /// For which advisor.
        advisor_id: String,
        /// What.
        action_type: String,
        /// Which résumé it was about.
        resume_id: Option<String>,
        /// Whether it made the lead.
        lead_created: bool,
        /// Whether the advisor was told.
        notified: bool,
    },
    /// Of `notification`: a message about that was owed.
    Notification {
        /// To whom.
        advisor_id: String,
        /// How far it has come.
        status: String,
        /// How often it was tried.
        attempts: i64,
        /// WeChat's number in the last refusal.
        last_errcode: Option<i64>,
        /// Why the last try was not the last one needed.
        last_error: Option<String>,
    },
    /// Of `follow_up`: somebody followed up.
    FollowUp {
        /// How.
        kind: String,
        /// What was said; nothing when it is to be forgotten, or not for the caller to read.
        text: Option<String>,
        /// When to go on, epoch seconds.
        next_at: Option<i64>,
        /// Who did.
        by: LeadActorBody,
    },
    /// Of the others: it changed hands, or staff changed it.
    Change {
        /// Whose it was; nobody's: it was in the pool.
        from: Option<String>,
        /// Whose it is since; nobody's: in the pool.
        to: Option<String>,
        /// Which fields changed: `[before, after]`, or `true` for those that are about a person.
        #[schema(value_type = Object, example = json!({"level": ["B类", "A类"], "name": true}))]
        fields: Value,
        /// Who did it.
        by: LeadActorBody,
    },
}

impl From<TimelineItem> for TimelineBody {
    fn from(item: TimelineItem) -> Self {
        let (word, what) = match item.kind {
            TimelineKind::Action { advisor_id, action_type, resume_id, lead_created, notified } => {
                let what = TimelineWhatBody::Action { advisor_id, action_type, resume_id, lead_created, notified };
                ("action".to_owned(), what)
            }
            TimelineKind::Notification { advisor_id, status, attempts, last_errcode, last_error } => {
                let what = TimelineWhatBody::Notification { advisor_id, status, attempts, last_errcode, last_error };
                ("notification".to_owned(), what)
            }
            TimelineKind::FollowUp { kind, text, next_at, actor } => {
                let (next_at, by) = (next_at.map(seconds), actor.into());
                ("follow_up".to_owned(), TimelineWhatBody::FollowUp { kind, text, next_at, by })
            }
            TimelineKind::Change { kind, from, to, fields, actor } => {
                (kind, TimelineWhatBody::Change { from, to, fields, by: actor.into() })
            }
        };
        Self { id: item.id, at: seconds(item.at), r#type: word, what, damaged: item.damaged.into_names() }
    }
}

/// Lists what happened around a lead, the newest first: actions of the customer, messages about them, follow-ups, changes of
/// hands and of fields.
#[utoipa::path(
    get, path = "/api/admin/leads/{id}/timeline", tag = "leads", operation_id = "read_lead_timeline",
    params(("id" = String, Path, description = "our id of the lead"), PageRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<TimelineBody>>),
        (status = 400, description = "no such page", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right, or an advisor asks about a lead of the pool (`LEAD_IN_POOL`)", body = Failure),
        (status = 404, description = "no such lead, or not one of an advisor's", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadLeads>,
    ApiPath(id): ApiPath,
    ApiQuery(request): ApiQuery<PageRequest>,
) -> Result<Envelope<Page<TimelineBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    let (items, total) = read_timeline(state.app(), allowed.caller(), &id, page, page_size).await?;
    Ok(Envelope::of(Page { items: items.into_iter().map(TimelineBody::from).collect(), total, page, page_size }))
}
