//! A key was used.

use weiqiao_model::ApiKeyId;

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const TOUCH: &str = "UPDATE api_key SET last_used_at = $2 WHERE id = $1 \
    AND (last_used_at IS NULL OR last_used_at + $3 <= $2)";

/// Notes that an API key is in use. Does nothing when that was noted less than `at_most_every_ms` ago.
#[derive(Debug, Clone)]
pub struct TouchApiKey {
    /// Which one.
    pub id: ApiKeyId,
    /// How often to write, milliseconds; 60,000 is plenty.
    pub at_most_every_ms: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for TouchApiKey {
    const NAME: &'static str = "api_key.touch";
    /// Whether anything was written.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(TOUCH, params![&self.id, self.now, self.at_most_every_ms]).await? == 1)
    }
}
