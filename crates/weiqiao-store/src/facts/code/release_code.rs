//! The exchange never left this machine: the code is as good as unseen.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const RELEASE: &str = "DELETE FROM code_seen WHERE code_hash = $1 AND outcome = 'pending'";

/// Gives a claimed code back. Only for its claimer, and only when WeChat certainly never saw it (connection refused).
#[derive(Debug, Clone)]
pub struct ReleaseCode {
    /// The hash it was claimed by.
    pub code_hash: String,
}

impl Command for ReleaseCode {
    const NAME: &'static str = "code.release";
    /// Whether it was still pending.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(RELEASE, params![&self.code_hash]).await? == 1)
    }
}
