//! A key is taken back.

use weiqiao_model::ApiKeyId;

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const REVOKE: &str = "UPDATE api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";

/// Ends an API key before its time.
#[derive(Debug, Clone)]
pub struct RevokeApiKey {
    /// Which one.
    pub id: ApiKeyId,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for RevokeApiKey {
    const NAME: &'static str = "api_key.revoke";
    /// Whether there was such a key and it had not been revoked.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(REVOKE, params![&self.id, self.now]).await? == 1)
    }
}
