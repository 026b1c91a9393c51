//! Which tokens does this person have with us?

use weiqiao_model::IdentityId;

use super::SealedOAuthToken;
use crate::value::params;
use crate::{Query, Read, Row, StoreError};

const FIND: &str = "SELECT access, refresh, expires_in, expires_at, refresh_expires_at, scope, version, login_again, \
    created_at, updated_at FROM oauth_token WHERE identity_id = $1";

/// Finds the OAuth tokens of an identity.
#[derive(Debug, Clone)]
pub struct FindOAuthToken {
    /// Whose.
    pub identity_id: IdentityId,
}

/// OAuth tokens as they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOAuthToken {
    /// The tokens.
    pub token: SealedOAuthToken,
    /// The scope they were granted for.
    pub scope: String,
    /// Grows with every change; name it in [`SaveOAuthToken`](super::SaveOAuthToken).
    pub version: i64,
    /// The refresh token was refused: only a new login helps.
    pub login_again: bool,
    /// The first login that brought tokens, epoch milliseconds.
    pub created_at: i64,
    /// The last change, epoch milliseconds.
    pub updated_at: i64,
}

impl StoredOAuthToken {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            token: SealedOAuthToken {
                access: row.bytes()?,
                refresh: row.bytes()?,
                expires_in: row.integer()?,
                expires_at: row.integer()?,
                refresh_expires_at: row.integer()?,
            },
            scope: row.text()?,
            version: row.integer()?,
            login_again: row.flag()?,
            created_at: row.integer()?,
            updated_at: row.integer()?,
        })
    }
}

impl Query for FindOAuthToken {
    const NAME: &'static str = "oauth_token.find";
    type Output = Option<StoredOAuthToken>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        db.query_opt(FIND, params![&self.identity_id]).await?.map(StoredOAuthToken::read).transpose()
    }
}
