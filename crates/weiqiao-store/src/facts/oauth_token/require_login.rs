//! WeChat refused the refresh token: only a new login helps.

use weiqiao_model::IdentityId;

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const REQUIRE: &str = "UPDATE oauth_token SET login_again = 1, version = version + 1, updated_at = $3 \
    WHERE identity_id = $1 AND version = $2";

/// Marks tokens as of no more use. Tokens that changed meanwhile are not marked.
#[derive(Debug, Clone)]
pub struct RequireLogin {
    /// Whose.
    pub identity_id: IdentityId,
    /// The version WeChat refused.
    pub seen_version: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for RequireLogin {
    const NAME: &'static str = "oauth_token.require_login";
    /// Whether they were marked.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(REQUIRE, params![&self.identity_id, self.seen_version, self.now]).await? == 1)
    }
}
