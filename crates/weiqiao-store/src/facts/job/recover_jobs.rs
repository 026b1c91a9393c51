//! What went wrong for a while is done after all.

use weiqiao_model::JobStatus;

use super::word;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const RECOVER: &str = "UPDATE job SET status = CASE WHEN attempts = 0 THEN 'queued' ELSE 'retrying' END, tries = 0, \
    next_at = $5, expires_at = CASE WHEN expires_at > $6 THEN expires_at ELSE $6 END, finished_at = NULL, \
    updated_at = $5 WHERE id IN (SELECT id FROM job WHERE status = $1 AND kind = $2 AND created_at >= $3 \
    AND (CAST($4 AS TEXT) IS NULL OR account = $4) AND lease_owner IS NULL AND next_at IS NULL \
    ORDER BY created_at, id LIMIT $7)";

/// Makes failed jobs due now and begins their schedule anew.
#[derive(Debug, Clone)]
pub struct RecoverJobs {
    /// Which kind of work.
    pub kind: String,
    /// Only this account's, or this endpoint's.
    pub account: Option<String>,
    /// Those that ended like this; never `sent` or `sending`.
    pub statuses: Vec<JobStatus>,
    /// Those made then or later, epoch milliseconds.
    pub since: i64,
    /// They are worth doing at least until then, epoch milliseconds.
    pub expires_at: i64,
    /// The most of each status at once; when the answer is this much or more, call again.
    pub limit: u32,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for RecoverJobs {
    const NAME: &'static str = "job.recover";
    /// How many are due again.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        let wanted = self.statuses.iter().filter(|status| !matches!(status, JobStatus::Sent | JobStatus::Sending));
        let statements = wanted.map(|status| {
            let which = params![word(*status), &self.kind, self.since, &self.account];
            (RECOVER, [which, params![self.now, self.expires_at, i64::from(self.limit)]].concat())
        });
        Ok(tx.batch(statements.collect()).await?.into_iter().sum())
    }
}
