//! Days that are long over.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SWEEP: &str = "DELETE FROM spending WHERE day < $1";

/// Forgets what was done before a day. One row per caller and day, so there are never many.
#[derive(Debug, Clone)]
pub struct SweepSpending {
    /// Days before this go.
    pub before: i64,
}

impl Command for SweepSpending {
    const NAME: &'static str = "spending.sweep";
    /// How many were deleted.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        tx.execute(SWEEP, params![self.before]).await
    }
}
