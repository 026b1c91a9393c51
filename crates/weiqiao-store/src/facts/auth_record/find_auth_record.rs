//! What do we keep about this person?

use weiqiao_model::AppId;

use super::SealedAuthTokens;
use crate::value::params;
use crate::{Query, Read, Row, StoreError};

const BY_OPENID: &str = "SELECT id, instance, openid_index, openid, unionid, profile, scope, access, refresh, refresh_index, \
    expires_in, expires_at, refresh_expires_at, version, login_again, created_at, updated_at FROM auth_record \
    WHERE app_id = $1 AND openid_index = $2";

const BY_REFRESH: &str = "SELECT id, instance, openid_index, openid, unionid, profile, scope, access, refresh, refresh_index, \
    expires_in, expires_at, refresh_expires_at, version, login_again, created_at, updated_at FROM auth_record \
    WHERE app_id = $1 AND refresh_index = $2 ORDER BY updated_at DESC LIMIT 1";

/// Finds a record by the person.
#[derive(Debug, Clone)]
pub struct FindAuthRecord {
    /// The account's appid.
    pub app_id: AppId,
    /// The blind index of the openid.
    pub openid_index: String,
}

/// Finds a record by its refresh token.
#[derive(Debug, Clone)]
pub struct FindAuthRecordByRefresh {
    /// The account's appid.
    pub app_id: AppId,
    /// The blind index of the refresh token.
    pub refresh_index: String,
}

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAuthRecord {
    /// Our id of it.
    pub id: String,
    /// The instance of the last login.
    pub instance: String,
    /// The blind index of the openid; everything is sealed for it.
    pub openid_index: String,
    /// The openid, sealed.
    pub openid: Vec<u8>,
    /// The unionid, sealed.
    pub unionid: Option<Vec<u8>>,
    /// The profile, sealed; `None`: never read.
    pub profile: Option<Vec<u8>>,
    /// The tokens.
    pub tokens: SealedAuthTokens,
    /// Grows with every change of the tokens.
    pub version: i64,
    /// The refresh token was refused: only a new login helps.
    pub login_again: bool,
    /// The first login, epoch milliseconds.
    pub created_at: i64,
    /// The last change, epoch milliseconds.
    pub updated_at: i64,
}

impl StoredAuthRecord {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        let (id, instance, openid_index) = (row.text()?, row.text()?, row.text()?);
        let (openid, unionid, profile) = (row.bytes()?, row.opt_bytes()?, row.opt_bytes()?);
        let (scope, access, refresh, refresh_index) = (row.text()?, row.bytes()?, row.bytes()?, row.text()?);
        let (expires_in, expires_at, refresh_expires_at) = (row.integer()?, row.integer()?, row.integer()?);
        let tokens =
            SealedAuthTokens { access, refresh, refresh_index, scope, expires_in, expires_at, refresh_expires_at };
        Ok(Self {
            id,
            instance,
            openid_index,
            openid,
            unionid,
            profile,
            tokens,
            version: row.integer()?,
            login_again: row.flag()?,
            created_at: row.integer()?,
            updated_at: row.integer()?,
        })
    }
}

impl Query for FindAuthRecord {
    const NAME: &'static str = "auth_record.find";
    type Output = Option<StoredAuthRecord>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let row = db.query_opt(BY_OPENID, params![self.app_id.as_str(), &self.openid_index]).await?;
        row.map(StoredAuthRecord::read).transpose()
    }
}

impl Query for FindAuthRecordByRefresh {
    const NAME: &'static str = "auth_record.find_by_refresh";
    type Output = Option<StoredAuthRecord>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let row = db.query_opt(BY_REFRESH, params![self.app_id.as_str(), &self.refresh_index]).await?;
        row.map(StoredAuthRecord::read).transpose()
    }
}
