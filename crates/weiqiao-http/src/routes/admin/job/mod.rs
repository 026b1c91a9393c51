//! Work that is done later, across all kinds.

pub(super) mod cancel;
pub(super) mod holds;
pub(super) mod list;
pub(super) mod read;
pub(super) mod recover;
pub(super) mod release;
pub(super) mod retry;

use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::job::ListedJob;
use weiqiao_model::JobStatus;

use crate::engine::ApiError;
use crate::engine::paging;

/// A piece of work. What it is about is not shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobBody {
    /// Its id.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// Which kind of work: `webhook`, `customer_message`.
    #[schema(example = "customer_message")]
    kind: String,
    /// Whose: an appid, or the id of a webhook.
    #[schema(example = "wx1111111111111111")]
    account: String,
    /// What made it necessary.
    #[schema(example = "inbox:0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d0f")]
    origin: Option<String>,
    /// `queued`, `sending`, `retrying`, `sent`, `refused`, `uncertain`, `cancelled`, `dead`, `skipped`, `expired`.
    #[schema(example = "refused")]
    status: &'static str,
    /// How often it was tried: every call that was begun, also one that WeChat throttled, which uses up nothing of the
    /// schedule. In the detail the tries themselves stand here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1)]
    attempts: Option<i64>,
    /// When the next try may be made, epoch seconds; while its whole account has to wait, when that ends.
    next_attempt_at: Option<i64>,
    /// Why all jobs of this account and kind wait: `quota`, `busy`, `account`, `unreachable`.
    held: Option<String>,
    /// WeChat's number in the last refusal.
    #[schema(example = 45015)]
    last_errcode: Option<i64>,
    /// Why the last try was not the last one needed.
    #[schema(example = "response out of time limit or subscription is canceled")]
    last_error: Option<String>,
    /// WeChat's number of the message.
    msgid: Option<String>,
    /// When it was made, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    created_at: i64,
    /// When it is no longer worth doing, epoch seconds.
    #[schema(example = 1_757_235_490_i64)]
    expires_at: i64,
    /// When it was over, epoch seconds.
    finished_at: Option<i64>,
}

impl From<ListedJob> for JobBody {
    fn from(listed: ListedJob) -> Self {
        let ListedJob { job, next_attempt_at, held } = listed;
        Self {
            id: job.id,
            kind: job.kind,
            account: job.account,
            origin: job.origin,
            status: job.status.as_str(),
            attempts: Some(job.attempts),
            next_attempt_at: next_attempt_at.map(seconds),
            held,
            last_errcode: job.last_errcode,
            last_error: job.last_error,
            msgid: job.reference,
            created_at: seconds(job.created_at),
            expires_at: seconds(job.expires_at),
            finished_at: job.finished_at.map(seconds),
        }
    }
}

/// Epoch seconds.
pub(super) fn seconds(ms: i64) -> i64 {
    ms.div_euclid(1000)
}

/// Epoch milliseconds.
pub(super) fn millis(seconds: i64) -> i64 {
    seconds.saturating_mul(1000)
}

/// A word for a status, or nothing.
pub(super) fn status(word: Option<&str>) -> Result<Option<JobStatus>, ApiError> {
    status_of(word, JobStatus::ALL)
}

/// A word for one of these, or nothing.
pub(super) fn status_of(word: Option<&str>, known: &[JobStatus]) -> Result<Option<JobStatus>, ApiError> {
    let known: Vec<_> = known.iter().map(|status| (status.as_str(), *status)).collect();
    paging::one_of("status", word, &known)
}

#[cfg(test)]
mod tests;
