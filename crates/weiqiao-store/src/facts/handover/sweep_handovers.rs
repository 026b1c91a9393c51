//! Hand-overs that nobody can take any more are forgotten.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SWEEP: &str = "DELETE FROM login_handover WHERE hash IN (SELECT hash FROM login_handover WHERE expires_at < $1 \
    ORDER BY expires_at LIMIT $2)";

/// Deletes hand-overs after their time.
#[derive(Debug, Clone)]
pub struct SweepHandovers {
    /// Those that ended before this are deleted, epoch milliseconds. Leave them a few minutes beyond their time, so that
    /// a late visitor hears "too late".
    pub before: i64,
    /// The most to delete at once; when the answer is this many, call again.
    pub limit: u32,
}

impl Command for SweepHandovers {
    const NAME: &'static str = "handover.sweep";
    /// How many were deleted.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        tx.execute(SWEEP, params![self.before, i64::from(self.limit)]).await
    }
}
