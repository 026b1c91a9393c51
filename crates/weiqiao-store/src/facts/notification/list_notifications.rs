//! Notifications, page by page.

use weiqiao_model::JobStatus;

use crate::facts::{ids_since, window};
use crate::value::params;
use crate::{Query, Read, Row, Shape, StoreError};

macro_rules! columns {
    () => {
        "SELECT n.id, n.app_id, CASE WHEN n.sender IS NULL THEN n.id END, n.advisor_id, n.template_id, s.openid, \
         job.status, job.attempts, job.kind, job.next_at, job.last_errcode, job.last_error, job.reference, n.created_at, n.sender, n.openid"
    };
}

macro_rules! matching {
    () => {
        " FROM notification n JOIN job ON job.id = n.id LEFT JOIN subscription s ON s.id = n.subscription_id \
         WHERE (CAST($1 AS TEXT) IS NULL OR job.status = $1 OR job.status = CAST($2 AS TEXT)) \
         AND (CAST($3 AS TEXT) IS NULL OR n.advisor_id = $3) \
         AND (CAST($4 AS TEXT) IS NULL OR (n.id = $4 AND n.sender IS NULL)) \
         AND (CAST($5 AS TEXT) IS NULL OR n.id = $5) AND n.created_at >= $6 AND n.created_at < $7 \
         AND n.id >= $8"
    };
}

const COUNT: &str = concat!("SELECT count(*)", matching!());

const NEWEST: &str = concat!(columns!(), matching!(), " ORDER BY n.id DESC LIMIT $9 OFFSET $10");
const OLDEST: &str = concat!(columns!(), matching!(), " ORDER BY n.id LIMIT $9 OFFSET $10");

/// Lists notifications.
#[derive(Debug, Clone, Default)]
pub struct ListNotifications {
    /// Only this one.
    pub id: Option<String>,
    /// Only those that have come this far.
    pub status: Option<JobStatus>,
    /// Or this far.
    pub or_status: Option<JobStatus>,
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

/// A notification with how far its job has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredNotification {
    /// Its id: the job's.
    pub id: String,
    /// The mini program.
    pub app_id: String,
    /// What it is owed for: an action of the same id, unless it was sent on request.
    pub action_id: Option<String>,
    /// To whom; empty for a message that was sent on request.
    pub advisor_id: String,
    /// In which form.
    pub template_id: String,
    /// The recipient's openid, sealed; nothing when they are to be forgotten.
    pub openid: Option<Vec<u8>>,
    /// How far it has come.
    pub status: JobStatus,
    /// How often it was tried.
    pub attempts: i64,
    /// Which kind of work it is: with the mini program, whose rate and holds it shares.
    pub kind: String,
    /// When it may be tried next, epoch milliseconds.
    pub next_at: Option<i64>,
    /// WeChat's number in the last refusal.
    pub last_errcode: Option<i64>,
    /// Why the last try was not the last one needed.
    pub last_error: Option<String>,
    /// WeChat's number of the message.
    pub reference: Option<String>,
    /// When it was owed, epoch milliseconds.
    pub created_at: i64,
    /// Who asked for a message that no action owes.
    pub sender: Option<String>,
    /// Its recipient's openid, sealed for this row; nothing when they are to be forgotten.
    pub own_openid: Option<Vec<u8>>,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationPage {
    /// The notifications on this page.
    pub items: Vec<StoredNotification>,
    /// How many there are on all pages.
    pub total: u64,
}

impl Query for ListNotifications {
    const NAME: &'static str = "notification.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = NotificationPage;

    async fn run<R: Read>(&self, db: &mut R) -> Result<NotificationPage, StoreError> {
        let (status, other) = (self.status.map(JobStatus::as_str), self.or_status.map(JobStatus::as_str));
        let (since, until) = (self.since.unwrap_or(i64::MIN), self.until.unwrap_or(i64::MAX));
        let filter =
            params![status, other, &self.advisor_id, &self.action_id, &self.id, since, until, ids_since(self.since)];
        let total = db.query_one(COUNT, filter.clone()).await?.integer()?;
        let (size, skip) = window(self.page, self.page_size);
        let sql = if self.oldest_first { OLDEST } else { NEWEST };
        let rows = db.query(sql, [filter, params![size, skip]].concat()).await?;
        let items = rows.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(NotificationPage { items, total: u64::try_from(total).unwrap_or(0) })
    }
}

fn read(mut row: Row) -> Result<StoredNotification, StoreError> {
    Ok(StoredNotification {
        id: row.text()?,
        app_id: row.text()?,
        action_id: row.opt_text()?,
        advisor_id: row.text()?,
        template_id: row.text()?,
        openid: row.opt_bytes()?,
        status: row.word()?,
        attempts: row.integer()?,
        kind: row.text()?,
        next_at: row.opt_integer()?,
        last_errcode: row.opt_integer()?,
        last_error: row.opt_text()?,
        reference: row.opt_text()?,
        created_at: row.integer()?,
        sender: row.opt_text()?,
        own_openid: row.opt_bytes()?,
    })
}
