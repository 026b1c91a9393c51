//! A new secret, with the old one beside it for a while.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const ROTATE: &str = "UPDATE webhook_endpoint SET previous_secret = secret, previous_until = $3, secret = $2, \
    version = version + 1, updated_at = $4 WHERE id = $1";

/// Replaces the secret. The earlier one signs too until `previous_until`; one before that is gone at once.
#[derive(Debug, Clone)]
pub struct RotateEndpointSecret {
    /// Which endpoint.
    pub id: String,
    /// The new secret, sealed.
    pub secret: Vec<u8>,
    /// How long the earlier one signs too, epoch milliseconds.
    pub previous_until: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for RotateEndpointSecret {
    const NAME: &'static str = "webhook.rotate_secret";
    /// Whether there is such an endpoint.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(ROTATE, params![&self.id, &self.secret, self.previous_until, self.now]).await? == 1)
    }
}
