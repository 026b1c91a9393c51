//! Whoever is still at it says so.

use weiqiao_model::crash_point;

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const RENEW: &str = "UPDATE job SET lease_until = $4 \
    WHERE id = $1 AND lease_owner = $2 AND lease_until > $3 AND lease_until < $4";

/// Prolongs the leases of jobs an owner is doing, as far as they are not over yet. Those it holds without doing them, because
/// the answer to its claim was lost, end.
#[derive(Debug, Clone)]
pub struct RenewLeases {
    /// Who.
    pub owner: String,
    /// The jobs it is doing.
    pub ids: Vec<String>,
    /// For how long from now, in milliseconds.
    pub lease_ms: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for RenewLeases {
    const NAME: &'static str = "job.renew_leases";
    /// How many there were.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        let until = self.now.saturating_add(self.lease_ms);
        let renew = self.ids.iter().map(|id| (RENEW, params![id, &self.owner, self.now, until])).collect();
        let count = tx.batch(renew).await?.into_iter().sum();
        crash_point!("job.renew.after");
        Ok(count)
    }
}
