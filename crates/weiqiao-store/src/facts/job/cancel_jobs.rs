//! A whole lane is called off.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const CANCEL: &str = "UPDATE job SET status = 'cancelled', next_at = NULL, finished_at = $3, updated_at = $3, \
    last_error = $4 WHERE kind = $1 AND account = $2 AND next_at IS NOT NULL";

const FREE: &str = "DELETE FROM job_hold WHERE kind = $1 AND account = $2";

/// Calls off all waiting jobs of an account and kind, because there is nobody left to do them for.
#[derive(Debug, Clone)]
pub struct CancelJobs {
    /// Which kind of work.
    pub kind: String,
    /// Whose.
    pub account: String,
    /// Why, for people.
    pub reason: String,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for CancelJobs {
    const NAME: &'static str = "job.cancel_lane";
    /// How many were called off.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        let cancel = params![&self.kind, &self.account, self.now, &self.reason];
        let counts = tx.batch(vec![(CANCEL, cancel), (FREE, params![&self.kind, &self.account])]).await?;
        Ok(counts.first().copied().unwrap_or(0))
    }
}
