//! Jobs whose owner is gone.

use weiqiao_model::crash_point;

use crate::facts::subscription::sort_arrivals;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const LAPSED: &str = "SELECT id, kind, account, fence, attempts, tries FROM job WHERE lease_owner IS NOT NULL \
    AND lease_owner <> $1 AND lease_until <= $2 ORDER BY lease_until LIMIT $3";

const OPEN: &str = "SELECT n FROM job_attempt WHERE job_id = $1 AND n = $2 AND verdict IS NULL";

const FREE: &str = "UPDATE job SET status = CASE WHEN attempts = 0 THEN 'queued' ELSE 'retrying' END, next_at = $3, \
    lease_owner = NULL, lease_until = 0, updated_at = $3 WHERE id = $1 AND fence = $2";

const DOUBT: &str = "UPDATE job SET status = 'uncertain', next_at = $3, tries = tries + 1, lease_owner = NULL, \
    lease_until = 0, last_errcode = NULL, last_error = $4, updated_at = $5 WHERE id = $1 AND fence = $2";

const CLOSE: &str = "UPDATE job_attempt SET verdict = 'uncertain', finished_at = $3, errmsg = $4 \
    WHERE job_id = $1 AND n = $2";

/// Takes jobs from owners whose lease is over. A job that was not begun is free again; one with a try under way becomes
/// uncertain, because nobody knows how that ended.
#[derive(Debug, Clone)]
pub struct SweepLeases {
    /// What happens to uncertain jobs, kind by kind; those of other kinds wait for a person.
    pub rules: Vec<UncertainRule>,
    /// Leases that end by then are over, epoch milliseconds: now. On SQLite, where there is one process, `i64::MAX` at the
    /// start: whoever had a lease is dead.
    pub lapsed_by: i64,
    /// Never this owner's own leases; empty for none.
    pub but: String,
    /// What people read about a try that was never ended.
    pub reason: String,
    /// The most at once; when the answer is this long, call again.
    pub limit: u32,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What happens to the uncertain jobs of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncertainRule {
    /// Which kind.
    pub kind: String,
    /// When they are tried again, epoch milliseconds.
    pub retry_at: i64,
    /// After this many tries they wait for a person.
    pub max_tries: i64,
}

/// A job that was taken from its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweptLease {
    /// Its id.
    pub id: String,
    /// Which kind of work.
    pub kind: String,
    /// Whose rate and slots it shares.
    pub account: String,
    /// Whether a try was under way.
    pub uncertain: bool,
}

impl Command for SweepLeases {
    const NAME: &'static str = "job.sweep_leases";
    type Output = Vec<SweptLease>;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Vec<SweptLease>, StoreError> {
        let rows = tx.query_unlocked(LAPSED, params![&self.but, self.lapsed_by, i64::from(self.limit)]).await?;
        let mut swept = Vec::with_capacity(rows.len());
        let mut changes = Vec::new();
        for mut row in rows {
            let (id, kind, account) = (row.text()?, row.text()?, row.text()?);
            let (fence, attempts, tries) = (row.integer()?, row.integer()?, row.integer()?);
            let open = tx.query_opt(OPEN, params![&id, attempts]).await?.is_some();
            if open {
                let retry_at = self.retry_at(&kind, tries.saturating_add(1));
                changes.push((DOUBT, params![&id, fence, retry_at, &self.reason, self.now]));
                changes.push((CLOSE, params![&id, attempts, self.now, &self.reason]));
            } else {
                changes.push((FREE, params![&id, fence, self.now]));
            }
            swept.push(SweptLease { id, kind, account, uncertain: open });
        }
        crash_point!("job.sweep.before");
        tx.batch(changes).await?;
        for job in swept.iter().filter(|job| job.uncertain) {
            sort_arrivals(tx, &job.id, self.now).await?;
        }
        crash_point!("job.sweep.after");
        Ok(swept)
    }
}

impl SweepLeases {
    fn retry_at(&self, kind: &str, tries: i64) -> Option<i64> {
        let rule = self.rules.iter().find(|rule| rule.kind == kind)?;
        (tries < rule.max_tries).then_some(rule.retry_at)
    }
}
