//! Jobs that are long over are forgotten.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const OVER: &str = "SELECT id FROM job WHERE finished_at < $1 ORDER BY finished_at LIMIT $2";

const DELETE_ATTEMPTS: &str = "DELETE FROM job_attempt WHERE job_id = $1";

const DELETE_NOTIFICATION: &str = "DELETE FROM notification WHERE id = $1";

const DELETE: &str = "DELETE FROM job WHERE id = $1";

/// Deletes jobs that were over before a time, with their tries. Uncertain ones stay: they wait for a person.
#[derive(Debug, Clone)]
pub struct SweepJobs {
    /// Jobs that were over before this are deleted, epoch milliseconds.
    pub before: i64,
    /// The most to delete at once; when the answer is this many, call again.
    pub limit: u32,
}

impl Command for SweepJobs {
    const NAME: &'static str = "job.sweep";
    /// How many were deleted.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        let rows = tx.query_unlocked(OVER, params![self.before, i64::from(self.limit)]).await?;
        let mut deletions = Vec::with_capacity(3 * rows.len());
        for mut row in rows {
            let id = row.text()?;
            deletions.push((DELETE_ATTEMPTS, params![&id]));
            deletions.push((DELETE_NOTIFICATION, params![&id]));
            deletions.push((DELETE, params![&id]));
        }
        let deleted = deletions.len() / 3;
        tx.batch(deletions).await?;
        Ok(deleted as u64)
    }
}
