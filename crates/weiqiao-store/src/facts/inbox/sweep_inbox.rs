//! Pushes are forgotten after a while.

use weiqiao_model::first_id_at;

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SWEEP: &str = "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE received_at < $1 AND state = 'done' \
    AND id < $3 ORDER BY id LIMIT $2)";

/// Deletes pushes that came before a time. Copies of them would count as new: keep them longer than WeChat delivers.
#[derive(Debug, Clone)]
pub struct SweepInbox {
    /// Epoch milliseconds.
    pub before: i64,
    /// At most so many.
    pub limit: u32,
}

impl Command for SweepInbox {
    const NAME: &'static str = "inbox.sweep";
    /// How many were deleted.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        tx.execute(SWEEP, params![self.before, i64::from(self.limit), first_id_at(self.before)]).await
    }
}
