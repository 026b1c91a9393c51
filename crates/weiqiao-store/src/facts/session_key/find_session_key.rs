//! With which key does this person's mini program sign and encrypt?

use weiqiao_model::IdentityId;

use crate::value::params;
use crate::{Query, Read, StoreError};

const FIND: &str = "SELECT sealed, updated_at FROM session_key WHERE identity_id = $1";

/// Finds the session key of an identity.
#[derive(Debug, Clone)]
pub struct FindSessionKey {
    /// Whose.
    pub identity_id: IdentityId,
}

/// A session key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSessionKey {
    /// The key, sealed.
    pub sealed: Vec<u8>,
    /// When the login brought it, epoch milliseconds.
    pub updated_at: i64,
}

impl Query for FindSessionKey {
    const NAME: &'static str = "session_key.find";
    type Output = Option<StoredSessionKey>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let Some(mut row) = db.query_opt(FIND, params![&self.identity_id]).await? else { return Ok(None) };
        Ok(Some(StoredSessionKey { sealed: row.bytes()?, updated_at: row.integer()? }))
    }
}
