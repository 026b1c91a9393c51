//! Keys of requests that nobody repeats any more.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SWEEP: &str = "DELETE FROM idempotency WHERE key_hash IN \
    (SELECT key_hash FROM idempotency WHERE created_at < $1 ORDER BY created_at LIMIT $2)";

/// Forgets keys that were used before a time.
#[derive(Debug, Clone)]
pub struct SweepIdempotency {
    /// Keys used before this go, epoch milliseconds.
    pub before: i64,
    /// The most to delete at once; when the answer is this many, call again.
    pub limit: u32,
}

impl Command for SweepIdempotency {
    const NAME: &'static str = "idempotency.sweep";
    /// How many were deleted.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        tx.execute(SWEEP, params![self.before, i64::from(self.limit)]).await
    }
}
