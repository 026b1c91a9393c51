//! What the named login instances keep about people: profile and OAuth tokens, one record per appid and openid.
//!
//! Nothing about a person is here in clear: records are found by blind indexes.

mod find_auth_record;
mod record_auth;
mod require_auth_login;
mod save_auth_profile;
mod save_auth_tokens;

pub use find_auth_record::{FindAuthRecord, FindAuthRecordByRefresh, StoredAuthRecord};
pub use record_auth::{RecordAuth, RecordedAuth};
pub use require_auth_login::RequireAuthLogin;
pub use save_auth_profile::SaveAuthProfile;
pub use save_auth_tokens::SaveAuthTokens;

/// A person's OAuth tokens. The store cannot read the sealed parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedAuthTokens {
    /// The access token, sealed.
    pub access: Vec<u8>,
    /// The refresh token, sealed.
    pub refresh: Vec<u8>,
    /// The blind index of the refresh token.
    pub refresh_index: String,
    /// The scope they were granted for.
    pub scope: String,
    /// WeChat's `expires_in`, seconds.
    pub expires_in: i64,
    /// When the access token ends, epoch milliseconds.
    pub expires_at: i64,
    /// When the refresh token ends, epoch milliseconds.
    pub refresh_expires_at: i64,
}
