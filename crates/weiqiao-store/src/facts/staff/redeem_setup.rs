//! Whoever holds the one-time token sets their password.

use weiqiao_model::StaffId;

use super::PasswordHash;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const REDEEM: &str = "UPDATE staff SET password_hash = $2, setup_hash = NULL, setup_until = NULL, updated_at = $3 \
    WHERE setup_hash = $1 AND setup_until > $3 AND disabled_at IS NULL RETURNING id";

/// Sets a password with a one-time token, which is void from then on.
#[derive(Debug, Clone)]
pub struct RedeemSetup {
    /// The hash of the token.
    pub hash: String,
    /// The new password.
    pub password_hash: PasswordHash,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for RedeemSetup {
    const NAME: &'static str = "staff.redeem_setup";
    /// Whose password it is now; `None`: the token is wrong, used or too old, or they were shut out.
    type Output = Option<StaffId>;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Option<StaffId>, StoreError> {
        let row = tx.query_opt(REDEEM, params![&self.hash, self.password_hash.expose(), self.now]).await?;
        row.map(|mut row| row.id()).transpose()
    }
}
