//! Whoever is still at it says so.

use weiqiao_model::crash_point;

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const RENEW: &str = "UPDATE job SET lease_until = $3 WHERE lease_owner = $1 AND lease_until > $2 AND lease_until < $3";

/// Prolongs all leases of an owner that are not over yet.
#[derive(Debug, Clone)]
pub struct RenewLeases {
    /// Who.
    pub owner: String,
    /// How long from now, milliseconds.
    pub lease_ms: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for RenewLeases {
    const NAME: &'static str = "job.renew_leases";
    /// How many were prolonged.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        let count = tx.execute(RENEW, params![&self.owner, self.now, self.now.saturating_add(self.lease_ms)]).await?;
        crash_point!("job.renew.after");
        Ok(count)
    }
}
