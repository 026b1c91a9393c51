//! A person calls a job off.

use super::{JobChange, changed};
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const CANCEL: &str = "UPDATE job SET status = 'cancelled', next_at = NULL, finished_at = $2, updated_at = $2 \
    WHERE id = $1 AND lease_owner IS NULL AND status IN ('queued', 'retrying', 'uncertain')";

/// Calls a job off that is not over and that nobody is at.
#[derive(Debug, Clone)]
pub struct CancelJob {
    /// Which one.
    pub id: String,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for CancelJob {
    const NAME: &'static str = "job.cancel";
    type Output = JobChange;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<JobChange, StoreError> {
        let count = tx.execute(CANCEL, params![&self.id, self.now]).await?;
        changed(tx, &self.id, count).await
    }
}
