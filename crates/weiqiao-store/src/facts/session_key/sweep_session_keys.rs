//! Session keys are kept for a day at most.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SWEEP: &str = "DELETE FROM session_key WHERE identity_id IN (SELECT identity_id FROM session_key \
    WHERE updated_at < $1 ORDER BY updated_at LIMIT $2)";

/// Deletes old session keys.
#[derive(Debug, Clone)]
pub struct SweepSessionKeys {
    /// Keys stored before this are deleted, epoch milliseconds.
    pub before: i64,
    /// The most to delete at once; when the answer is this many, call again.
    pub limit: u32,
}

impl Command for SweepSessionKeys {
    const NAME: &'static str = "session_key.sweep";
    /// How many were deleted.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        tx.execute(SWEEP, params![self.before, i64::from(self.limit)]).await
    }
}
