//! How a try ended, and what happens to the job next.

use weiqiao_model::{JobStatus, Verdict, crash_point};

use super::word;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// A late answer still ends an uncertainty, as long as nobody has taken the job up again.
const SETTLE: &str = "UPDATE job SET status = $4, next_at = $5, tries = tries + $6, lease_owner = NULL, lease_until = 0, \
    last_errcode = $7, last_error = $8, reference = COALESCE($9, reference), updated_at = $10, finished_at = $11 \
    WHERE id = $1 AND fence = $2 AND attempts = $3 AND (lease_owner IS NOT NULL OR status = 'uncertain')";

const RESULT: &str = "UPDATE job_attempt SET verdict = $4, finished_at = $5, http_status = $6, errcode = $7, \
    errmsg = $8, answer = $9 WHERE job_id = $1 AND n = $2 AND fence = $3";

const HOLD: &str = "INSERT INTO job_hold (account, kind, reason, errcode, until_at, failures, since) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account, kind) DO UPDATE SET reason = excluded.reason, \
    errcode = excluded.errcode, until_at = CASE WHEN excluded.until_at > job_hold.until_at THEN excluded.until_at \
    ELSE job_hold.until_at END, failures = CASE WHEN excluded.failures > job_hold.failures THEN excluded.failures \
    ELSE job_hold.failures END";

const FREE: &str = "DELETE FROM job_hold WHERE account = $1 AND kind = $2";

/// Ends a claim.
#[derive(Debug, Clone)]
pub struct SettleJob {
    /// Which job.
    pub id: String,
    /// The fence of the claim.
    pub fence: i64,
    /// Which try it was, or how many there were before when none was begun.
    pub n: i64,
    /// What the job is from now on; any but `sending`.
    pub status: JobStatus,
    /// When it may be taken up again, epoch milliseconds; nothing when it is over or waits for a person.
    pub next_at: Option<i64>,
    /// Whether the try counts for the schedule.
    pub counts: bool,
    /// How the try ended; nothing when none was begun.
    pub attempt: Option<AttemptResult>,
    /// The other side's number.
    pub errcode: Option<i64>,
    /// Why it is not done, for people. Nothing personal.
    pub error: Option<String>,
    /// What the other side called it.
    pub reference: Option<String>,
    /// The whole lane has to wait.
    pub hold: Option<HoldLane>,
    /// The lane need not wait any more: account and kind.
    pub free: Option<(String, String)>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// How one try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptResult {
    /// In a word.
    pub verdict: Verdict,
    /// The HTTP status, where there was one.
    pub http_status: Option<i64>,
    /// The other side's number.
    pub errcode: Option<i64>,
    /// The other side's words, or ours. Nothing personal.
    pub errmsg: Option<String>,
    /// The beginning of the answer, sealed.
    pub answer: Option<Vec<u8>>,
}

/// Makes a lane wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldLane {
    /// Whose jobs.
    pub account: String,
    /// Which kind.
    pub kind: String,
    /// Why, in a word people know: `quota`, `account`, `unreachable`.
    pub reason: String,
    /// The other side's number.
    pub errcode: Option<i64>,
    /// Until when, epoch milliseconds.
    pub until: i64,
    /// How often in a row it came to this.
    pub failures: i64,
}

/// Ends a claim inside another command's commit. False when the job is somebody else's by now: nothing changed.
///
/// # Errors
///
/// When the database fails.
pub async fn settle_job<T: Transaction>(tx: &mut T, settle: &SettleJob) -> Result<bool, StoreError> {
    let finished_at = settle.status.is_finished().then_some(settle.now);
    let job = params![
        &settle.id,
        settle.fence,
        settle.n,
        word(settle.status),
        settle.next_at,
        settle.counts,
        settle.errcode,
        &settle.error,
        &settle.reference,
        settle.now,
        finished_at,
    ];
    if tx.execute(SETTLE, job).await? == 0 {
        return Ok(false);
    }
    crash_point!("job.settle.job");
    let mut rest = Vec::new();
    if let Some(result) = &settle.attempt {
        let attempt = params![
            &settle.id,
            settle.n,
            settle.fence,
            result.verdict.as_str(),
            settle.now,
            result.http_status,
            result.errcode,
            &result.errmsg,
            result.answer.as_ref(),
        ];
        rest.push((RESULT, attempt));
    }
    if let Some(hold) = &settle.hold {
        let hold =
            params![&hold.account, &hold.kind, &hold.reason, hold.errcode, hold.until, hold.failures, settle.now,];
        rest.push((HOLD, hold));
    }
    if let Some((account, kind)) = &settle.free {
        rest.push((FREE, params![account, kind]));
    }
    tx.batch(rest).await?;
    crash_point!("job.settle.result");
    Ok(true)
}

impl Command for SettleJob {
    const NAME: &'static str = "job.settle";
    /// Whether it was still the caller's to say.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        settle_job(tx, self).await
    }
}
