//! Old guesses are forgotten.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SWEEP: &str = "DELETE FROM login_guard WHERE key IN (SELECT key FROM login_guard WHERE forget_at <= $1 LIMIT $2)";

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
        tx.execute(SWEEP, params![self.now, i64::from(self.limit)]).await
    }
}
