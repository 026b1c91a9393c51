//! Old guesses are forgotten.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const OLD: &str = "SELECT key FROM login_guard WHERE forget_at <= $1 ORDER BY forget_at LIMIT $2";

const SWEEP: &str = "DELETE FROM login_guard WHERE key = $1 AND forget_at <= $2";

/// Deletes counts nobody needs any more.
#[derive(Debug, Clone, Copy)]
pub struct SweepGuards {
    /// How many at most.
    pub limit: u32,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for SweepGuards {
    const NAME: &'static str = "login_guard.sweep";
    /// How many.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        // A row that a guess is counted in just now is no longer old, and nobody who guesses waits for this.
        let rows = tx.query_unlocked(OLD, params![self.now, i64::from(self.limit)]).await?;
        let mut deletions = Vec::with_capacity(rows.len());
        for mut row in rows {
            deletions.push((SWEEP, params![row.text()?, self.now]));
        }
        Ok(tx.batch(deletions).await?.into_iter().sum())
    }
}
