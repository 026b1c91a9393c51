//! The login ended: whoever comes back a second time may have the same answer.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SETTLE: &str = "UPDATE login_state SET outcome = $2 WHERE hash = $1 AND taken_at IS NOT NULL AND outcome IS NULL";

/// Records what came of a login that took this state. The first outcome stays.
#[derive(Debug, Clone)]
pub struct SettleState {
    /// The hash it was taken by.
    pub hash: String,
    /// The answer, sealed.
    pub outcome: Vec<u8>,
}

impl Command for SettleState {
    const NAME: &'static str = "state.settle";
    /// Whether this outcome was taken.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(SETTLE, params![&self.hash, &self.outcome]).await? == 1)
    }
}
