//! How sending a message ended, and what its sender is told: in one commit.

use crate::facts::notification::SettleNotification;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const ANSWER: &str = "UPDATE notification SET answer = $2 WHERE id = $1";

/// Ends sending a message.
#[derive(Debug, Clone)]
pub struct SettleMessage {
    /// How it ended, and what follows.
    pub settle: SettleNotification,
    /// What its sender is told, sealed.
    pub answer: Vec<u8>,
}

impl Command for SettleMessage {
    const NAME: &'static str = "message.settle";
    /// Whether it was still the caller's to say.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let id = &self.settle.settle.id;
        if !self.settle.run(tx).await? {
            return Ok(false);
        }
        tx.execute(ANSWER, params![id, &self.answer]).await?;
        Ok(true)
    }
}
