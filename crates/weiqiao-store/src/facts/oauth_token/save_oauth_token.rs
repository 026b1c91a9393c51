//! A refresh brought new tokens.

use weiqiao_model::IdentityId;

use super::SealedOAuthToken;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SAVE: &str = "UPDATE oauth_token SET access = $3, refresh = $4, expires_in = $5, expires_at = $6, \
    refresh_expires_at = $7, version = version + 1, login_again = 0, updated_at = $8 \
    WHERE identity_id = $1 AND version = $2";

/// Replaces the tokens a refresh began with. Tokens that changed meanwhile, by a login or a faster refresh, stay.
#[derive(Debug, Clone)]
pub struct SaveOAuthToken {
    /// Whose.
    pub identity_id: IdentityId,
    /// The version the refresh began with.
    pub seen_version: i64,
    /// The new tokens.
    pub token: SealedOAuthToken,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for SaveOAuthToken {
    const NAME: &'static str = "oauth_token.save";
    /// Whether they were stored.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let token = &self.token;
        let params = params![
            &self.identity_id,
            self.seen_version,
            &token.access,
            &token.refresh,
            token.expires_in,
            token.expires_at,
            token.refresh_expires_at,
            self.now,
        ];
        Ok(tx.execute(SAVE, params).await? == 1)
    }
}
