//! The exchange ended: everybody who waits for this code may have the result.

use weiqiao_model::crash_point;

use super::CodeOutcome;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SETTLE: &str = "UPDATE code_seen SET outcome = $2, result = $3 WHERE code_hash = $1 AND outcome = 'pending'";

/// Records what came of exchanging a code. The first outcome stays.
#[derive(Debug, Clone)]
pub struct SettleCode {
    /// The hash it was claimed by.
    pub code_hash: String,
    /// What came of it. [`CodeOutcome::Pending`] settles nothing.
    pub outcome: CodeOutcome,
}

impl Command for SettleCode {
    const NAME: &'static str = "code.settle";
    /// Whether this outcome was taken.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let (word, result) = match &self.outcome {
            CodeOutcome::Pending => return Ok(false),
            CodeOutcome::Done(result) => ("done", result),
            CodeOutcome::Failed(result) => ("failed", result),
        };
        let settled = tx.execute(SETTLE, params![&self.code_hash, word, result]).await? == 1;
        crash_point!("code.settle.after");
        Ok(settled)
    }
}
