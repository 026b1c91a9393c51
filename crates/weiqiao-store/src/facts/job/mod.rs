//! Work to be done later: sending, asking, delivering.
//!
//! What these facts promise together, on any number of instances:
//!
//! - A job is written in the commit that makes it necessary ([`insert_jobs`]) and is never lost.
//! - [`ClaimJobs`] gives a job to one owner, for the time of a lease, with a fence that grows with every claim. Jobs of one
//!   serial key are never claimed together: a unique index says so.
//! - [`StartAttempt`] writes a try down *before* it is made, and only for the newest fence of a lease that still runs. A
//!   process that was stopped past its lease makes no call any more.
//! - [`SettleJob`] wants the newest fence too. What died in between is found by [`SweepLeases`]: without an attempt the job
//!   is simply free again; with one nobody knows, and it becomes *uncertain*.
//!
//! A *lane* is an account and a kind: what shares rate, slots and [`holds`](JobHold).

mod add_jobs;
mod cancel_job;
mod cancel_jobs;
mod claim_jobs;
mod count_jobs;
mod due_lanes;
mod find_job;
mod insert_jobs;
mod list_holds;
mod list_jobs;
mod recover_jobs;
mod release_hold;
mod release_jobs;
mod renew_leases;
mod retry_job;
mod settle_job;
mod start_attempt;
mod sweep_jobs;
mod sweep_leases;

pub use add_jobs::AddJobs;
pub use cancel_job::CancelJob;
pub use cancel_jobs::CancelJobs;
pub use claim_jobs::{ClaimJobs, ClaimedJob, LaneClaim};
pub use count_jobs::{CountJobs, JobCount, OpenJobs};
pub use due_lanes::{DueLane, DueLanes};
pub use find_job::{FindJob, JobDetail, StoredAttempt};
pub use insert_jobs::{NewJob, insert_jobs};
pub use list_holds::{JobHold, ListHolds};
pub use list_jobs::{JobPage, ListJobs};
pub use recover_jobs::RecoverJobs;
pub use release_hold::ReleaseHold;
pub use release_jobs::ReleaseJobs;
pub use renew_leases::RenewLeases;
pub use retry_job::RetryJob;
pub use settle_job::{AttemptResult, HoldLane, SettleJob, settle_job};
pub use start_attempt::StartAttempt;
pub use sweep_jobs::SweepJobs;
pub use sweep_leases::{SweepLeases, SweptLease, UncertainRule};

use weiqiao_model::JobStatus;

use crate::value::params;
use crate::{Row, StoreError, Transaction};

/// A job as it is stored, without what is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredJob {
    /// Its id.
    pub id: String,
    /// Which kind of work.
    pub kind: String,
    /// Whose rate and slots it shares.
    pub account: String,
    /// What made it necessary: `inbox:<id>`, `action:<id>`.
    pub origin: Option<String>,
    /// How far it has come.
    pub status: JobStatus,
    /// How often it was tried.
    pub attempts: i64,
    /// When it may be taken up, epoch milliseconds; nothing while somebody is at it, and when it waits for nobody or for
    /// a person.
    pub next_at: Option<i64>,
    /// When it is no longer worth doing, epoch milliseconds.
    pub expires_at: i64,
    /// The other side's number in the last refusal.
    pub last_errcode: Option<i64>,
    /// Why the last try was not the last one needed.
    pub last_error: Option<String>,
    /// What the other side called it, such as a msgid.
    pub reference: Option<String>,
    /// When it was made, epoch milliseconds.
    pub created_at: i64,
    /// When anything about it changed last, epoch milliseconds.
    pub updated_at: i64,
    /// When it was over, epoch milliseconds.
    pub finished_at: Option<i64>,
}

/// The columns [`StoredJob::read`] reads, in its order.
macro_rules! columns {
    () => {
        "id, kind, account, origin, status, attempts, next_at, expires_at, last_errcode, last_error, reference, \
         created_at, updated_at, finished_at"
    };
}
use columns;

/// What made a job necessary, as it is told: of an action's job, which has the action's id, its row says only that.
fn told_origin(id: &str, stored: Option<String>) -> Option<String> {
    match stored.as_deref() {
        Some("action") => Some(format!("action:{id}")),
        _ => stored,
    }
}

/// The id of the action and of its job, when such an origin is meant.
fn of_action(told: &str) -> Option<&str> {
    told.strip_prefix("action:")
}

impl StoredJob {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        let (id, kind, account) = (row.text()?, row.text()?, row.text()?);
        Ok(Self {
            origin: told_origin(&id, row.opt_text()?),
            id,
            kind,
            account,
            status: row.word()?,
            attempts: row.integer()?,
            next_at: row.opt_integer()?,
            expires_at: row.integer()?,
            last_errcode: row.opt_integer()?,
            last_error: row.opt_text()?,
            reference: row.opt_text()?,
            created_at: row.integer()?,
            updated_at: row.integer()?,
            finished_at: row.opt_integer()?,
        })
    }
}

/// What came of a person's wish about a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobChange {
    /// It is so now.
    Done,
    /// Its state does not allow it.
    NotNow(JobStatus),
    /// There is no such job.
    Unknown,
}

const STATUS: &str = "SELECT status FROM job WHERE id = $1";

/// Why a conditional update changed nothing.
async fn changed<T: Transaction>(tx: &mut T, id: &str, count: u64) -> Result<JobChange, StoreError> {
    if count == 1 {
        return Ok(JobChange::Done);
    }
    match tx.query_opt(STATUS, params![id]).await? {
        Some(mut row) => Ok(JobChange::NotNow(row.word()?)),
        None => Ok(JobChange::Unknown),
    }
}

/// Where the names of statuses come from when a statement needs one as a parameter.
pub(in crate::facts) fn word(status: JobStatus) -> &'static str {
    status.as_str()
}
