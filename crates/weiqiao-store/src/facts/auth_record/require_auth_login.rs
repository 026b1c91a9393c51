//! WeChat refused the refresh token: only a new login helps.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const REQUIRE: &str = "UPDATE auth_record SET login_again = 1, version = version + 1, updated_at = $3 \
    WHERE id = $1 AND version = $2";

/// Marks a record's tokens as of no more use. Tokens that changed meanwhile are not marked.
#[derive(Debug, Clone)]
pub struct RequireAuthLogin {
    /// Whose record.
    pub id: String,
    /// The version WeChat refused.
    pub seen_version: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for RequireAuthLogin {
    const NAME: &'static str = "auth_record.require_login";
    /// Whether they were marked.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(REQUIRE, params![&self.id, self.seen_version, self.now]).await? == 1)
    }
}
