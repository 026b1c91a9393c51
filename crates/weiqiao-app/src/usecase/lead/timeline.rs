//! What happened around a lead.

use std::fmt;

use serde_json::Value;
use weiqiao_model::ApiScope;
use weiqiao_store::facts::lead::{ReadTimeline, TimelineEntry, TimelineWhat};

use super::actor::LeadActor;
use super::follow_up;
use super::{find_own, reads_notes};
use crate::App;
use crate::caller::Caller;
use crate::error::Result;
use crate::usecase::customer::{ActionDetail, detail_place, plain_status};
use crate::usecase::staff::Permission;
use crate::vault::Damaged;

/// Something that happened.
#[derive(Debug, Clone)]
pub struct TimelineItem {
    /// The id of the action, the notification, the follow-up or the change.
    pub id: String,
    /// When, epoch milliseconds.
    pub at: i64,
    /// What.
    pub kind: TimelineKind,
    /// What of it cannot be read.
    pub damaged: Damaged,
}

/// What happened.
#[derive(Clone)]
pub enum TimelineKind {
    /// The customer did something.
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
    /// A message about that was owed to the advisor.
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
    /// Somebody followed up.
    FollowUp {
        /// How.
        kind: String,
        /// What was said; nothing when it is to be forgotten, or not for the caller to read.
        text: Option<String>,
        /// When to go on, epoch milliseconds.
        next_at: Option<i64>,
        /// Who did.
        actor: LeadActor,
    },
    /// It changed hands, or staff changed it.
    Change {
        /// `assigned`, `claimed`, `released` or `changed`.
        kind: String,
        /// Whose it was; nobody's: it was in the pool.
        from: Option<String>,
        /// Whose it is since; nobody's: in the pool.
        to: Option<String>,
        /// Which fields changed: `[before, after]`, or `true` for those that are about a person.
        fields: Value,
        /// Who did it.
        actor: LeadActor,
    },
}

impl fmt::Debug for TimelineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Action { .. } => "Action",
            Self::Notification { .. } => "Notification",
            Self::FollowUp { .. } => "FollowUp",
            Self::Change { .. } => "Change",
        })
    }
}

/// One page of what happened around a lead, the newest first, and how much that is. That of a lead in the pool is not for
/// advisors.
///
/// # Errors
///
/// `Unauthorized`, `Forbidden`; `NotFound` for a lead that does not exist for the caller.
pub async fn read_timeline(
    app: &App,
    caller: &Caller,
    lead_id: &str,
    page: u32,
    page_size: u32,
) -> Result<(Vec<TimelineItem>, u64)> {
    caller.demand(Permission::ReadLeads, ApiScope::Admin)?;
    let lead = find_own(app, caller, lead_id).await?;
    page_of(app, caller, lead.id, page, page_size).await
}

pub(super) async fn page_of(
    app: &App,
    caller: &Caller,
    lead_id: String,
    page: u32,
    page_size: u32,
) -> Result<(Vec<TimelineItem>, u64)> {
    let found = app.store().read(ReadTimeline { lead_id, page, page_size }).await?;
    let notes = reads_notes(caller);
    let items = found.items.into_iter().map(|entry| shown(app, entry, notes)).collect::<Result<_>>()?;
    Ok((items, found.total))
}

fn shown(app: &App, entry: TimelineEntry, notes: bool) -> Result<TimelineItem> {
    let TimelineEntry { id, at, what } = entry;
    let mut row = app.vault().row(&id);
    let kind = match what {
        TimelineWhat::Action { app_id, advisor_id, kind, detail, lead_created, notified } => {
            let place = detail_place(&app_id, &id);
            let detail = detail.and_then(|sealed| row.json::<ActionDetail>(&["resume_id"], place, &sealed));
            let resume_id = detail.and_then(|detail| detail.resume_id);
            TimelineKind::Action { advisor_id, action_type: kind, resume_id, lead_created, notified }
        }
        TimelineWhat::Notification { advisor_id, status, attempts, last_errcode, last_error } => {
            let status =
                status.parse().map_or_else(|_| status.clone(), |known| plain_status(known).as_str().to_owned());
            TimelineKind::Notification { advisor_id, status, attempts, last_errcode, last_error }
        }
        TimelineWhat::FollowUp { app_id, kind, text, next_at, actor } => {
            let place = follow_up::place(&app_id, &id);
            let text = text.filter(|_| notes).and_then(|sealed| row.text("text", place, &sealed));
            TimelineKind::FollowUp { kind, text, next_at, actor: LeadActor::of(&mut row, actor) }
        }
        TimelineWhat::Change { kind, from, to, detail, actor } => {
            let fields = serde_json::from_str(&detail)?;
            TimelineKind::Change { kind, from, to, fields, actor: LeadActor::of(&mut row, actor) }
        }
    };
    let damaged = row.damaged();
    Ok(TimelineItem { id, at, kind, damaged })
}
