//! An endpoint is gone.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const DELETE: &str = "DELETE FROM webhook_endpoint WHERE id = $1";

/// Deletes an endpoint. Its jobs stay, and find nobody.
#[derive(Debug, Clone)]
pub struct DeleteEndpoint {
    /// Which one.
    pub id: String,
}

impl Command for DeleteEndpoint {
    const NAME: &'static str = "webhook.delete_endpoint";
    /// Whether there was one.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(DELETE, params![&self.id]).await? == 1)
    }
}
