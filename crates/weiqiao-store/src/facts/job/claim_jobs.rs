//! Who does the next jobs of a lane? One of all who ask.

use weiqiao_model::{JobStatus, crash_point};

use super::{told_origin, word};
use crate::value::params;
use crate::{Command, Row, StoreError, Transaction, Value};

/// Of the front of a lane's queue, whoever may be taken up: of a serial key the job that has been due the longest, and none while
/// another one of it is under way, in whatever lane.
const READY: &str = "SELECT ranked.next_at, ranked.id FROM (SELECT front.next_at, front.id, front.serial_key, row_number() OVER \
    (PARTITION BY front.serial_key ORDER BY front.next_at, front.id) AS place FROM (SELECT next_at, id, serial_key FROM job \
    WHERE kind = $1 AND account = $2 AND next_at <= $3 ORDER BY next_at, id LIMIT $4) front) ranked \
    WHERE (ranked.next_at, ranked.id) > ($5, $6) AND (ranked.serial_key IS NULL OR (ranked.place = 1 AND NOT EXISTS \
    (SELECT 1 FROM job other WHERE other.serial_key = ranked.serial_key AND other.lease_owner IS NOT NULL))) \
    ORDER BY ranked.next_at, ranked.id LIMIT $7";

/// Those of them that nobody else is taking up just now.
const TAKE: &str = "SELECT id, account, origin, payload, status, attempts, tries, fence, expires_at, created_at FROM job \
    WHERE next_at <= $1 AND id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
    ORDER BY next_at, id";

/// How many ids [`TAKE`] has room for.
const HANDFUL: usize = 16;

/// Whether the queue goes on behind its front.
const BEYOND: &str = "SELECT 1 FROM job WHERE kind = $1 AND account = $2 AND next_at <= $3 \
    ORDER BY next_at, id LIMIT 1 OFFSET $4";

/// How many jobs are the front of a queue at first, for each that is wanted: room for a few of one recipient.
const FRONT: i64 = 4;

/// How much longer the front is when too few in it may be taken up.
const LONGER: i64 = 8;

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
    /// not free, one recipient's thousands, more of it is.
    async fn due<T: Transaction>(&self, tx: &mut T) -> Result<Vec<Row>, StoreError> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let mut front = i64::from(self.limit).saturating_mul(FRONT);
        let (mut taken, mut last) = (Vec::new(), (i64::MIN, String::new()));
        loop {
            let lane = params![&self.kind, &self.account, self.now, front];
            let ready = [lane.clone(), params![last.0, &last.1, i64::from(self.limit)]].concat();
            let mut ids = Vec::with_capacity(limit);
            for mut row in tx.query(READY, ready).await? {
                last = (row.integer()?, row.text()?);
                ids.push(last.1.clone());
            }
            taken.extend(self.take(tx, &ids).await?);
            if taken.len() >= limit {
                taken.truncate(limit);
                return Ok(taken);
            }
            // All of those were ready, and another one takes some of them up: whoever comes next is looked at.
            if ids.len() >= limit {
                continue;
            }
            if tx.query_opt(BEYOND, lane).await?.is_none() {
                return Ok(taken);
            }
            front = front.saturating_mul(LONGER);
        }
    }

    /// Of these what nobody else is taking up, locked.
    async fn take<T: Transaction>(&self, tx: &mut T, ids: &[String]) -> Result<Vec<Row>, StoreError> {
        let mut taken = Vec::with_capacity(ids.len());
        for handful in ids.chunks(HANDFUL) {
            let mut params = params![self.now];
            params.extend(handful.iter().map(Value::from));
            params.resize(1 + HANDFUL, Value::Null);
            taken.extend(tx.query_unlocked(TAKE, params).await?);
        }
        Ok(taken)
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
            origin: told_origin(&id, origin),
            id,
            kind: self.kind.clone(),
            account,
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
