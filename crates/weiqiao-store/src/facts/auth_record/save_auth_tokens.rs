//! A refresh brought new tokens.

use super::SealedAuthTokens;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SAVE: &str = "UPDATE auth_record SET access = $3, refresh = $4, refresh_index = $5, scope = $6, expires_in = $7, \
    expires_at = $8, refresh_expires_at = $9, version = version + 1, login_again = 0, updated_at = $10 \
    WHERE id = $1 AND version = $2";

/// Replaces the tokens a refresh began with. Tokens that changed meanwhile, by a login or a faster refresh, stay.
#[derive(Debug, Clone)]
pub struct SaveAuthTokens {
    /// Whose record.
    pub id: String,
    /// The version the refresh began with.
    pub seen_version: i64,
    /// The new tokens.
    pub tokens: SealedAuthTokens,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for SaveAuthTokens {
    const NAME: &'static str = "auth_record.save_tokens";
    /// Whether they were stored.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let tokens = &self.tokens;
        let params = params![
            &self.id,
            self.seen_version,
            &tokens.access,
            &tokens.refresh,
            &tokens.refresh_index,
            &tokens.scope,
            tokens.expires_in,
            tokens.expires_at,
            tokens.refresh_expires_at,
            self.now,
        ];
        Ok(tx.execute(SAVE, params).await? == 1)
    }
}
