//! The password was right.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const TRUST: &str = "UPDATE login_guard SET failures = 0, window_until = 0, level = 0, locked_until = 0, trusted_until = $2, \
    forget_at = $2 WHERE key = $1";

const CLEAR: &str = "DELETE FROM login_guard WHERE key = $1";

/// Forgets the guesses of a user name and address, and of the user name, and trusts the address for a while.
#[derive(Debug, Clone)]
pub struct ClearGuard {
    /// The keyed hash of user name and address.
    pub address_key: String,
    /// The keyed hash of the user name.
    pub user_key: String,
    /// Until when the address is trusted, epoch milliseconds.
    pub trusted_until: i64,
}

impl Command for ClearGuard {
    const NAME: &'static str = "login_guard.clear";
    type Output = ();

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
        // The user's row first, as in `TakeGuess`.
        let statements =
            vec![(CLEAR, params![&self.user_key]), (TRUST, params![&self.address_key, self.trusted_until])];
        tx.batch(statements).await.map(drop)
    }
}
