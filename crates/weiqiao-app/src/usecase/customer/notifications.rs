//! What advisors are owed and what was sent on request, and how it goes: for staff. A notification is a job; here is who it is
//! for.

use serde_json::json;
use weiqiao_model::JobStatus;
use weiqiao_store::facts::job::ListHolds;
use weiqiao_store::facts::notification::{ListNotifications, StoredNotification};

use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::{AppError, Result, code};
use crate::usecase::advisor::openid_place;
use crate::usecase::job::{ListedAttempt, cancel_as, find_job, next_attempt, retry_as};
use crate::usecase::message::recipient_place;
use crate::vault::Damaged;

/// Which notifications.
#[derive(Debug, Clone, Default)]
pub struct NotificationFilter {
    /// Only those that have come this far. Past its time is dead, no longer wanted is called off.
    pub status: Option<JobStatus>,
    /// Only this advisor's.
    pub advisor_id: Option<String>,
    /// Only what this action owes.
    pub action_id: Option<String>,
    /// Only then or later, epoch milliseconds.
    pub since: Option<i64>,
    /// Only before, epoch milliseconds.
    pub until: Option<i64>,
    /// The oldest first; otherwise the newest.
    pub oldest_first: bool,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// A notification.
#[derive(Debug, Clone)]
pub struct ListedNotification {
    /// What is known of it.
    pub stored: StoredNotification,
    /// Who receives it; nothing when they are to be forgotten, or when it is damaged.
    pub touser: Option<String>,
    /// When it is tried next, epoch milliseconds: when the wait of the whole account ends, if that is later.
    pub next_attempt_at: Option<i64>,
    /// What of it cannot be read.
    pub damaged: Damaged,
}

/// How far a notification has come, in one of eight words.
pub(crate) fn plain_status(status: JobStatus) -> JobStatus {
    match status {
        JobStatus::Expired => JobStatus::Dead,
        JobStatus::Skipped => JobStatus::Cancelled,
        other => other,
    }
}

/// How far a notification can have come: what its job knows and nobody else needs is left out.
pub const NOTIFICATION_STATUSES: [JobStatus; 8] = [
    JobStatus::Queued,
    JobStatus::Sending,
    JobStatus::Retrying,
    JobStatus::Sent,
    JobStatus::Refused,
    JobStatus::Uncertain,
    JobStatus::Cancelled,
    JobStatus::Dead,
];

/// One page of notifications, and how many there are.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn list_notifications(app: &App, filter: NotificationFilter) -> Result<(Vec<ListedNotification>, u64)> {
    let NotificationFilter { status, advisor_id, action_id, since, until, oldest_first, page, page_size } = filter;
    let or_status = match status {
        Some(JobStatus::Dead) => Some(JobStatus::Expired),
        Some(JobStatus::Cancelled) => Some(JobStatus::Skipped),
        _ => None,
    };
    let list = ListNotifications {
        id: None,
        status,
        or_status,
        advisor_id,
        action_id,
        since,
        until,
        oldest_first,
        page,
        page_size,
    };
    let found = app.store().read(list).await?;
    let holds = app.store().read(ListHolds).await?;
    let items = found.items.into_iter().map(|stored| {
        let (next_attempt_at, _) = next_attempt(stored.next_at, (&stored.app_id, &stored.kind), &holds);
        listed(app, stored, next_attempt_at)
    });
    Ok((items.collect(), found.total))
}

/// A notification with its tries.
///
/// # Errors
///
/// `NotFound`.
pub async fn find_notification(app: &App, id: &str) -> Result<(ListedNotification, Vec<ListedAttempt>)> {
    let stored = known(app, id).await?;
    let (job, attempts) = find_job(app, id).await?;
    Ok((listed(app, stored, job.next_attempt_at), attempts))
}

/// Tries a notification again now.
///
/// # Errors
///
/// `NotFound`; `Conflict` when its state does not allow it.
pub async fn retry_notification(app: &App, actor: impl Into<Actor>, id: &str) -> Result<()> {
    known(app, id).await?;
    retry_as(app, app.audit_entry(actor, Deed::NotificationRetried, "notification", id, &json!({})), id).await
}

/// Calls a notification off.
///
/// # Errors
///
/// `NotFound`; `Conflict` when its state does not allow it.
pub async fn cancel_notification(app: &App, actor: impl Into<Actor>, id: &str) -> Result<()> {
    known(app, id).await?;
    cancel_as(app, app.audit_entry(actor, Deed::NotificationCancelled, "notification", id, &json!({})), id).await
}

async fn known(app: &App, id: &str) -> Result<StoredNotification> {
    let list = ListNotifications { id: Some(id.to_owned()), page: 1, page_size: 1, ..ListNotifications::default() };
    let found = app.store().read(list).await?.items.into_iter().next();
    found.ok_or_else(|| AppError::not_found(code::NOT_FOUND, "没有这个通知"))
}

fn listed(app: &App, mut stored: StoredNotification, next_attempt_at: Option<i64>) -> ListedNotification {
    let mut row = app.vault().row(&stored.id);
    let app_id = stored.app_id.as_str();
    let touser = match (&stored.sender, &stored.own_openid, &stored.openid) {
        (Some(_), Some(sealed), _) => row.text("touser", recipient_place(&stored.id, app_id), sealed),
        (None, _, Some(sealed)) => {
            openid_place((app_id, &stored.advisor_id, &stored.template_id), |place| row.text("touser", place, sealed))
        }
        _ => None,
    };
    let damaged = row.damaged();
    stored.status = plain_status(stored.status);
    ListedNotification { touser, next_attempt_at, stored, damaged }
}
