//! The OAuth tokens of people, sealed.

mod find_oauth_token;
mod require_login;
mod save_oauth_token;

use weiqiao_model::IdentityId;

pub use find_oauth_token::{FindOAuthToken, StoredOAuthToken};
pub use require_login::RequireLogin;
pub use save_oauth_token::SaveOAuthToken;

use crate::Value;
use crate::value::params;

/// A person's OAuth tokens. The store cannot read the sealed parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedOAuthToken {
    /// The access token, sealed.
    pub access: Vec<u8>,
    /// The refresh token, sealed.
    pub refresh: Vec<u8>,
    /// WeChat's `expires_in`, seconds.
    pub expires_in: i64,
    /// When the access token ends, epoch milliseconds.
    pub expires_at: i64,
    /// When the refresh token ends, epoch milliseconds.
    pub refresh_expires_at: i64,
}

/// A login replaces whatever was there.
const SAVE: &str = "INSERT INTO oauth_token (identity_id, scope, access, refresh, expires_in, expires_at, \
    refresh_expires_at, version, login_again, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 0, $8, $8) \
    ON CONFLICT (identity_id) DO UPDATE SET scope = excluded.scope, access = excluded.access, \
    refresh = excluded.refresh, expires_in = excluded.expires_in, expires_at = excluded.expires_at, \
    refresh_expires_at = excluded.refresh_expires_at, version = oauth_token.version + 1, login_again = 0, \
    updated_at = excluded.updated_at";

/// The statement with which a login stores its tokens.
pub(super) fn save_statement(
    identity_id: &IdentityId,
    scope: &str,
    token: &SealedOAuthToken,
    now: i64,
) -> (&'static str, Vec<Value>) {
    let params = params![
        identity_id,
        scope,
        &token.access,
        &token.refresh,
        token.expires_in,
        token.expires_at,
        token.refresh_expires_at,
        now,
    ];
    (SAVE, params)
}
