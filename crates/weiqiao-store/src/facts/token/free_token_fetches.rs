//! Whoever was fetching before this process began is dead.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const FREE: &str = "UPDATE account_token SET lease_owner = NULL, lease_until = 0 \
    WHERE lease_owner IS NOT NULL AND lease_owner <> $1";

/// Ends the leases of everybody else. Only where there can be no other process: on SQLite, at the start. Their fences stay
/// used up, so nothing they may still bring is stored.
#[derive(Debug, Clone)]
pub struct FreeTokenFetches {
    /// Whose leases stay.
    pub but: String,
}

impl Command for FreeTokenFetches {
    const NAME: &'static str = "token.free_fetches";
    /// How many there were.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        tx.execute(FREE, params![&self.but]).await
    }
}
