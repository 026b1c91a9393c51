//! Whoever stops gives back what was not begun.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const RELEASE: &str = "UPDATE job SET status = CASE WHEN attempts = 0 THEN 'queued' ELSE 'retrying' END, next_at = $2, \
    lease_owner = NULL, lease_until = 0, updated_at = $2 WHERE lease_owner = $1 AND lease_until > 0 AND NOT EXISTS \
    (SELECT 1 FROM job_attempt open WHERE open.job_id = job.id AND open.n = job.attempts AND open.verdict IS NULL)";

/// Frees the jobs an owner has claimed and not begun. Those with a try under way stay its own.
#[derive(Debug, Clone)]
pub struct ReleaseJobs {
    /// Who stops.
    pub owner: String,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for ReleaseJobs {
    const NAME: &'static str = "job.release";
    /// How many are free again.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        tx.execute(RELEASE, params![&self.owner, self.now]).await
    }
}
