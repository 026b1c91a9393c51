//! Keys for server-to-server calls. Only their hashes are stored.

mod create_api_key;
mod find_api_key;
mod list_api_keys;
mod revoke_api_key;
mod touch_api_key;

use weiqiao_model::{ApiKeyId, ApiScope};

pub use create_api_key::{ApiKeyCreated, CreateApiKey};
pub use find_api_key::FindApiKey;
pub use list_api_keys::ListApiKeys;
pub use revoke_api_key::RevokeApiKey;
pub use touch_api_key::TouchApiKey;

use crate::{Row, StoreError};

/// What is stored about an API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredApiKey {
    /// Our id of it.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// The public part that finds the row, unique.
    pub prefix: String,
    /// The SHA-256 of the whole key; compare in constant time.
    pub hash: Vec<u8>,
    /// What it may do.
    pub scopes: Vec<ApiScope>,
    /// When it ends by itself, epoch milliseconds; `None`: never.
    pub expires_at: Option<i64>,
    /// When it was ended early, epoch milliseconds.
    pub revoked_at: Option<i64>,
    /// When it was last used, epoch milliseconds, to the minute or so.
    pub last_used_at: Option<i64>,
    /// When it was made, epoch milliseconds.
    pub created_at: i64,
}

/// The columns [`StoredApiKey::read`] reads, in its order.
macro_rules! columns {
    () => {
        "id, name, prefix, hash, scopes, expires_at, revoked_at, last_used_at, created_at"
    };
}
use columns;

impl StoredApiKey {
    /// Whether the key is neither revoked nor over at this time (epoch milliseconds).
    #[must_use]
    pub fn holds_at(&self, now: i64) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|expires_at| now < expires_at)
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id()?,
            name: row.text()?,
            prefix: row.text()?,
            hash: row.bytes()?,
            scopes: row.json()?,
            expires_at: row.opt_integer()?,
            revoked_at: row.opt_integer()?,
            last_used_at: row.opt_integer()?,
            created_at: row.integer()?,
        })
    }
}
