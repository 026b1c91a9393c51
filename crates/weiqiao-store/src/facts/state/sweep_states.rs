//! Logins that can no longer come back are forgotten.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SWEEP: &str = "DELETE FROM login_state WHERE hash IN (SELECT hash FROM login_state WHERE expires_at < $1 \
    ORDER BY expires_at LIMIT $2)";

/// Deletes states after their time.
#[derive(Debug, Clone)]
pub struct SweepStates {
    /// States that expired before this are deleted, epoch milliseconds. Leave them a few minutes beyond their time: one
    /// taken in the last second must still answer a second visit, and a late visitor should hear "too late" rather than
    /// "unknown".
    pub before: i64,
    /// The most to delete at once; when the answer is this many, call again.
    pub limit: u32,
}

impl Command for SweepStates {
    const NAME: &'static str = "state.sweep";
    /// How many were deleted.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        tx.execute(SWEEP, params![self.before, i64::from(self.limit)]).await
    }
}
