//! Sessions that are over are forgotten.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SWEEP: &str = "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires_at < $1 \
    ORDER BY expires_at LIMIT $2)";

/// Deletes sessions whose time is up, revoked or not. A revoked session stays until then, because its token may still
/// be presented.
#[derive(Debug, Clone)]
pub struct SweepSessions {
    /// Sessions that ended before this are deleted, epoch milliseconds.
    pub before: i64,
    /// The most to delete at once; when the answer is this many, call again.
    pub limit: u32,
}

impl Command for SweepSessions {
    const NAME: &'static str = "session.sweep";
    /// How many were deleted.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        tx.execute(SWEEP, params![self.before, i64::from(self.limit)]).await
    }
}
