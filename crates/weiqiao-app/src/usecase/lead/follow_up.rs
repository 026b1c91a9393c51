//! What staff did about a lead with its customer.

use std::fmt;

use serde_json::json;
use weiqiao_model::ApiScope;
use weiqiao_store::facts::follow_up::{AddFollowUp, ListFollowUps, NewFollowUp, StoredFollowUp};

use super::actor::LeadActor;
use super::words::{FOLLOW_UP_KINDS, one_of};
use super::{find_own, none, own, reads_notes};
use crate::App;
use crate::audit::Deed;
use crate::caller::Caller;
use crate::error::{AppError, Result};
use crate::usecase::staff::Permission;
use crate::usecase::text::fit;
use crate::vault::{Damaged, Place};

/// Nobody plans further ahead, milliseconds.
const FARTHEST: i64 = 2 * 366 * 24 * 3_600 * 1_000;
/// A plan may be this late already: clocks differ, and forms take their time. Milliseconds.
const LATE: i64 = 3_600 * 1_000;

/// What is to be written down.
#[derive(Clone)]
pub struct FollowUpInput {
    /// How: one of [`FOLLOW_UP_KINDS`].
    pub kind: String,
    /// What was said, 1 to 2,000 characters.
    pub text: String,
    /// When to go on, epoch milliseconds; within two years.
    pub next_at: Option<i64>,
}

impl fmt::Debug for FollowUpInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FollowUpInput").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A follow-up. Times are epoch milliseconds.
#[derive(Clone)]
pub struct FollowUp {
    /// Our id of it.
    pub id: String,
    /// How.
    pub kind: String,
    /// What was said; nothing when it is to be forgotten, or not for the caller to read.
    pub text: Option<String>,
    /// When to go on.
    pub next_at: Option<i64>,
    /// When it was written down.
    pub created_at: i64,
    /// Who wrote it.
    pub actor: LeadActor,
    /// What of it cannot be read.
    pub damaged: Damaged,
}

impl fmt::Debug for FollowUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FollowUp").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Writes down what was done about a lead. When to go on is the lead's from then on.
///
/// # Errors
///
/// `Unauthorized`; `Forbidden` without the right, and for an advisor when the lead is in the pool; `NotFound` for a lead that
/// does not exist for the caller; `Invalid` naming the field.
pub async fn add_follow_up(app: &App, caller: &Caller, lead_id: &str, input: FollowUpInput) -> Result<FollowUp> {
    caller.demand(Permission::ManageLeads, ApiScope::Admin)?;
    let kind = one_of("kind", &input.kind, &FOLLOW_UP_KINDS)?;
    let text = fit("text", &input.text, 1..=2_000, true)?;
    let now = app.now_ms();
    if input.next_at.is_some_and(|at| !(now - LATE..=now + FARTHEST).contains(&at)) {
        return Err(AppError::field("next_at", "range", "next_at 必须是两年以内的将来时间（秒）"));
    }
    let lead = find_own(app, caller, lead_id).await?;
    let id = app.new_id::<weiqiao_model::id::kind::Job>().into_string();
    let detail = json!({"follow_up": id, "kind": kind, "next_at": input.next_at});
    let audit = app.audit_entry(caller, Deed::LeadFollowedUp, "lead", &lead.id, &detail);
    let follow_up = NewFollowUp {
        text: app.vault().seal(place(&lead.app_id, &id), text.as_bytes()),
        id: id.clone(),
        lead_id: lead.id,
        app_id: lead.app_id,
        kind,
        next_at: input.next_at,
        actor_kind: audit.actor_kind,
        actor_id: audit.actor_id.clone(),
    };
    let actor = LeadActor { kind: audit.actor_kind.to_owned(), id: audit.actor_id.clone(), name: name_of(caller) };
    if !app.store().run(AddFollowUp { follow_up, scope: own(caller)?, audit, now }).await? {
        return Err(none());
    }
    let (kind, text, next_at) = (kind.to_owned(), Some(text.to_owned()), input.next_at);
    Ok(FollowUp { id, kind, text, next_at, created_at: now, actor, damaged: Damaged::default() })
}

/// One page of the follow-ups of a lead, the newest first, and how many there are. Those of a lead in the pool are not for
/// advisors.
///
/// # Errors
///
/// `Unauthorized`, `Forbidden`; `NotFound` for a lead that does not exist for the caller.
pub async fn list_follow_ups(
    app: &App,
    caller: &Caller,
    lead_id: &str,
    page: u32,
    page_size: u32,
) -> Result<(Vec<FollowUp>, u64)> {
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
) -> Result<(Vec<FollowUp>, u64)> {
    let found = app.store().read(ListFollowUps { lead_id, page, page_size }).await?;
    let notes = reads_notes(caller);
    Ok((found.items.into_iter().map(|stored| shown(app, stored, notes)).collect(), found.total))
}

fn shown(app: &App, stored: StoredFollowUp, notes: bool) -> FollowUp {
    let StoredFollowUp { id, app_id, kind, text, next_at, created_at, actor, .. } = stored;
    let mut row = app.vault().row(&id);
    let text = text.filter(|_| notes).and_then(|sealed| row.text("text", place(&app_id, &id), &sealed));
    let actor = LeadActor::of(&mut row, actor);
    let damaged = row.damaged();
    FollowUp { id, kind, text, next_at, created_at, actor, damaged }
}

/// Where the text of a follow-up is sealed for.
pub(super) fn place<'a>(app_id: &'a str, id: &'a str) -> Place<'a> {
    Place::new("follow_up", "text", id, app_id)
}

fn name_of(caller: &Caller) -> Option<String> {
    match caller {
        Caller::Staff(staff) => Some(staff.username.clone()),
        Caller::ApiKey(key) => Some(key.name.clone()),
        Caller::User(_) | Caller::Cli | Caller::Anonymous => None,
    }
}
