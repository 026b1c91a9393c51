//! A person wants a job tried again now.

use super::{JobChange, changed};
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const RETRY: &str = "UPDATE job SET status = CASE WHEN attempts = 0 THEN 'queued' ELSE 'retrying' END, tries = 0, \
    next_at = $2, expires_at = CASE WHEN expires_at > $3 THEN expires_at ELSE $3 END, finished_at = NULL, \
    updated_at = $2 WHERE id = $1 AND lease_owner IS NULL AND status <> 'sent'";

/// Makes a job due now, whatever came of it, and begins its schedule anew. Not one that was done, nor one that somebody
/// is at.
#[derive(Debug, Clone)]
pub struct RetryJob {
    /// Which one.
    pub id: String,
    /// It is worth doing at least until then, epoch milliseconds.
    pub expires_at: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for RetryJob {
    const NAME: &'static str = "job.retry";
    type Output = JobChange;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<JobChange, StoreError> {
        let count = tx.execute(RETRY, params![&self.id, self.now, self.expires_at]).await?;
        changed(tx, &self.id, count).await
    }
}
