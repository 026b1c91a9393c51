//! Who does the next jobs of a lane? One of all who ask.

use weiqiao_model::{JobStatus, crash_point};

use super::word;
use crate::value::params;
use crate::{Command, Row, StoreError, Transaction};

/// The first row after the front of a lane's queue.
const BEYOND: &str = "SELECT next_at, id FROM job WHERE kind = $1 AND account = $2 AND next_at <= $3 \
    ORDER BY next_at, id LIMIT 1 OFFSET $4";

/// Of a serial key only the job that has been due the longest counts, and none while another one of it is under way. Every job
/// that is passed by costs a look into the index: good as long as most are not.
const DUE: &str = "SELECT id, account, origin, payload, status, attempts, tries, fence, expires_at, created_at FROM job \
    WHERE kind = $1 AND account = $2 AND next_at <= $3 AND (next_at, id) < ($3, $4) AND (serial_key IS NULL OR (NOT \
    EXISTS (SELECT 1 FROM job other WHERE other.serial_key = job.serial_key AND other.lease_owner IS NOT NULL) \
    AND id = (SELECT other.id FROM job other WHERE other.serial_key = job.serial_key AND other.next_at IS NOT NULL \
    ORDER BY other.next_at, other.id LIMIT 1))) ORDER BY next_at, id LIMIT $5";

/// How many keys have a waiting job, as far as that is looked: jumps from key to key by the index.
const KEYS: &str = "SELECT count(*) FROM (WITH RECURSIVE step(serial_key) AS (SELECT min(serial_key) FROM job \
    WHERE next_at IS NOT NULL AND serial_key IS NOT NULL UNION ALL SELECT (SELECT min(job.serial_key) FROM job \
    WHERE job.serial_key > step.serial_key AND job.next_at IS NOT NULL) FROM step WHERE step.serial_key IS NOT NULL) \
    SELECT serial_key FROM step WHERE serial_key IS NOT NULL LIMIT $1) seen";

/// As [`DUE`], but the first job of each key is found beforehand, by jumping from key to key: however many jobs one has. Good as
/// long as there are few keys.
const HEADS: &str = "SELECT id, account, origin, payload, status, attempts, tries, fence, expires_at, created_at FROM job \
    WHERE kind = $1 AND account = $2 AND next_at <= $3 AND (serial_key IS NULL OR id IN (WITH RECURSIVE \
    step(serial_key) AS (SELECT min(serial_key) FROM job WHERE next_at IS NOT NULL AND serial_key IS NOT NULL UNION ALL \
    SELECT (SELECT min(job.serial_key) FROM job WHERE job.serial_key > step.serial_key AND job.next_at IS NOT NULL) \
    FROM step WHERE step.serial_key IS NOT NULL) SELECT (SELECT other.id FROM job other WHERE other.serial_key \
    = step.serial_key AND other.next_at IS NOT NULL ORDER BY other.next_at, other.id LIMIT 1) FROM step \
    WHERE step.serial_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM job other WHERE other.serial_key = step.serial_key \
    AND other.lease_owner IS NOT NULL))) ORDER BY next_at, id LIMIT $4";

/// How many jobs are the front of a queue, at least.
const FRONT: i64 = 128;

/// Up to this many keys are few.
const FEW: i64 = 1_000;

const HOLD: &str = "SELECT until_at, failures FROM job_hold WHERE account = $1 AND kind = $2";

/// Whoever changes the row may try one job.
const PROBE: &str = "UPDATE job_hold SET until_at = $3 WHERE account = $1 AND kind = $2 AND until_at = $4";

const CLAIM: &str = "UPDATE job SET status = 'sending', next_at = NULL, lease_owner = $2, lease_until = $3, \
    fence = fence + 1, updated_at = $4 WHERE id = $1 AND next_at IS NOT NULL";

/// When it is uncertain whether it was done, that stays so.
const EXPIRE: &str = "UPDATE job SET status = CASE WHEN status = 'uncertain' THEN 'uncertain' ELSE 'expired' END, \
    next_at = NULL, finished_at = CASE WHEN status = 'uncertain' THEN NULL ELSE CAST($2 AS BIGINT) END, \
    updated_at = $2 WHERE id = $1 AND next_at IS NOT NULL";

const UNCERTAIN: &str = "SELECT count(*) FROM job_attempt WHERE job_id = $1 AND verdict = 'uncertain'";

/// Takes up due jobs of one lane, the longest due first.
///
/// [`Conflict`](crate::StoreErrorKind::Conflict) means that two owners met over one serial key and the other was first:
/// ask again.
#[derive(Debug, Clone)]
pub struct ClaimJobs {
    /// Which kind of work.
    pub kind: String,
    /// Whose.
    pub account: String,
    /// Who asks: the name of this process.
    pub owner: String,
    /// How long the lease is, milliseconds.
    pub lease_ms: i64,
    /// While the lane is held, one job may try when its time is over, and the next this much later, milliseconds.
    pub probe_ms: i64,
    /// The most jobs.
    pub limit: u32,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What there was to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LaneClaim {
    /// The jobs that are the owner's now.
    pub jobs: Vec<ClaimedJob>,
    /// How many were past their time and are over.
    pub expired: u64,
    /// The lane is held until then, epoch milliseconds.
    pub held_until: Option<i64>,
}

/// A job that was taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedJob {
    /// Its id.
    pub id: String,
    /// Which kind of work.
    pub kind: String,
    /// Whose rate and slots it shares.
    pub account: String,
    /// What made it necessary.
    pub origin: Option<String>,
    /// What is to be done, sealed.
    pub payload: Vec<u8>,
    /// How often it was tried before.
    pub attempts: i64,
    /// How many of those count for the schedule.
    pub tries: i64,
    /// How many of those ended nobody knows how.
    pub uncertain_attempts: i64,
    /// The number of this lease; everything written about the job wants it.
    pub fence: i64,
    /// When it is no longer worth doing, epoch milliseconds.
    pub expires_at: i64,
    /// When it was made, epoch milliseconds.
    pub created_at: i64,
    /// The lane is held and this job tries whether it still has to be; how often that failed before.
    pub probe: Option<i64>,
}

impl Command for ClaimJobs {
    const NAME: &'static str = "job.claim";
    type Output = LaneClaim;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<LaneClaim, StoreError> {
        let rows = self.due(tx).await?;
        if rows.is_empty() {
            return Ok(LaneClaim::default());
        }
        let mut found = Vec::with_capacity(rows.len());
        for mut row in rows {
            found.push(self.read(&mut row)?);
        }
        let (expired, mut due): (Vec<_>, Vec<_>) = found.into_iter().partition(|(job, _)| job.expires_at <= self.now);
        let mut held_until = None;
        match self.hold(tx).await? {
            Hold::None => {}
            Hold::Until(time) => {
                held_until = Some(time);
                due.clear();
            }
            Hold::Over { until, failures } => {
                due.truncate(1);
                if let Some((job, _)) = due.first_mut() {
                    let next = self.now.saturating_add(self.probe_ms);
                    let mine = tx.execute(PROBE, params![&self.account, &self.kind, next, until]).await?;
                    job.probe = Some(failures);
                    if mine == 0 {
                        held_until = Some(next);
                        due.clear();
                    }
                }
            }
        }
        let lease_until = self.now.saturating_add(self.lease_ms);
        let mut changes = Vec::with_capacity(expired.len() + due.len());
        changes.extend(expired.iter().map(|(job, _)| (EXPIRE, params![&job.id, self.now])));
        changes.extend(due.iter().map(|(job, _)| (CLAIM, params![&job.id, &self.owner, lease_until, self.now])));
        crash_point!("job.claim.before");
        if tx.batch(changes).await?.into_iter().any(|count| count != 1) {
            return Err(StoreError::internal("a due job changed while it was being claimed"));
        }
        crash_point!("job.claim.after");
        let mut jobs = Vec::with_capacity(due.len());
        for (mut job, status) in due {
            if job.attempts > 0 && status != word(JobStatus::Queued) {
                job.uncertain_attempts = tx.query_one(UNCERTAIN, params![&job.id]).await?.integer()?;
            }
            jobs.push(job);
        }
        Ok(LaneClaim { jobs, expired: expired.len() as u64, held_until })
    }
}

/// Whether the lane may be worked on.
enum Hold {
    None,
    Until(i64),
    Over { until: i64, failures: i64 },
}

impl ClaimJobs {
    /// What may be taken up, locked. In a long queue the front is looked at first; only when that is full of jobs whose key is
    /// not free, one recipient's thousands, the way past them matters.
    async fn due<T: Transaction>(&self, tx: &mut T) -> Result<Vec<Row>, StoreError> {
        let front = FRONT.max(i64::from(self.limit));
        if let Some(mut row) = tx.query_opt(BEYOND, params![&self.kind, &self.account, self.now, front]).await? {
            let rows = self.due_before(tx, row.integer()?, &row.text()?).await?;
            if rows.len() as u64 >= u64::from(self.limit) {
                return Ok(rows);
            }
            if tx.query_one(KEYS, params![FEW + 1]).await?.integer()? <= FEW {
                let heads = params![&self.kind, &self.account, self.now, i64::from(self.limit)];
                return tx.query_unlocked(HEADS, heads).await;
            }
        }
        self.due_before(tx, self.now.saturating_add(1), "").await
    }

    /// What may be taken up of the jobs that come before this place in the queue.
    async fn due_before<T: Transaction>(&self, tx: &mut T, at: i64, id: &str) -> Result<Vec<Row>, StoreError> {
        let due = params![&self.kind, &self.account, at, id, i64::from(self.limit)];
        tx.query_unlocked(DUE, due).await
    }

    async fn hold<T: Transaction>(&self, tx: &mut T) -> Result<Hold, StoreError> {
        let Some(mut row) = tx.query_opt(HOLD, params![&self.account, &self.kind]).await? else {
            return Ok(Hold::None);
        };
        let (until, failures) = (row.integer()?, row.integer()?);
        Ok(if until > self.now { Hold::Until(until) } else { Hold::Over { until, failures } })
    }

    fn read(&self, row: &mut Row) -> Result<(ClaimedJob, String), StoreError> {
        let (id, account, origin, payload) = (row.text()?, row.text()?, row.opt_text()?, row.bytes()?);
        let status = row.text()?;
        let job = ClaimedJob {
            id,
            kind: self.kind.clone(),
            account,
            origin,
            payload,
            attempts: row.integer()?,
            tries: row.integer()?,
            uncertain_attempts: 0,
            fence: row.integer()?.saturating_add(1),
            expires_at: row.integer()?,
            created_at: row.integer()?,
            probe: None,
        };
        Ok((job, status))
    }
}
