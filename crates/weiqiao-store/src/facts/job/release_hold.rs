//! A person says that a lane need not wait any more.

use crate::facts::token::free_token_rests;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const FREE: &str = "DELETE FROM job_hold WHERE account = $1 AND kind = $2";

/// Ends the hold of a lane: the secret was corrected, the quota cleared. What it waits for may be a token, so that may be fetched
/// at once, too.
#[derive(Debug, Clone)]
pub struct ReleaseHold {
    /// Whose jobs.
    pub account: String,
    /// Which kind of work.
    pub kind: String,
}

impl Command for ReleaseHold {
    const NAME: &'static str = "job.release_hold";
    /// Whether there was one.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let held = tx.execute(FREE, params![&self.account, &self.kind]).await? == 1;
        if held {
            free_token_rests(tx, &self.account).await?;
        }
        Ok(held)
    }
}
