//! Results nobody may have any more, and codes WeChat would refuse anyway, are forgotten.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const FORGET_RESULTS: &str = "UPDATE code_seen SET result = NULL WHERE code_hash IN (SELECT code_hash FROM code_seen \
    WHERE reuse_until < $1 AND result IS NOT NULL ORDER BY reuse_until LIMIT $2)";

const SWEEP: &str = "DELETE FROM code_seen WHERE code_hash IN (SELECT code_hash FROM code_seen WHERE expires_at < $1 \
    ORDER BY expires_at LIMIT $2)";

/// Deletes results after their reuse time and hashes after their time to live.
#[derive(Debug, Clone)]
pub struct SweepCodes {
    /// Now, epoch milliseconds.
    pub now: i64,
    /// The most to delete at once; when the answer is this many, call again.
    pub limit: u32,
}

impl Command for SweepCodes {
    const NAME: &'static str = "code.sweep";
    /// How many hashes were deleted.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        let params = params![self.now, i64::from(self.limit)];
        let counts = tx.batch(vec![(FORGET_RESULTS, params.clone()), (SWEEP, params)]).await?;
        Ok(counts.last().copied().unwrap_or(0))
    }
}
