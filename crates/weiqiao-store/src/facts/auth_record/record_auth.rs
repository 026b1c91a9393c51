//! Somebody authorised an instance: profile and tokens are kept.

use weiqiao_model::AppId;

use super::SealedAuthTokens;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// A login replaces the tokens; a profile or unionid that did not come this time stays.
const RECORD: &str = "INSERT INTO auth_record (id, app_id, instance, openid_index, unionid_index, refresh_index, openid, \
    unionid, profile, scope, access, refresh, expires_in, expires_at, refresh_expires_at, version, login_again, \
    created_at, updated_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, 0, $16, $16) \
    ON CONFLICT (app_id, openid_index) DO UPDATE SET instance = excluded.instance, \
    unionid_index = COALESCE(excluded.unionid_index, auth_record.unionid_index), \
    refresh_index = excluded.refresh_index, openid = excluded.openid, \
    unionid = COALESCE(excluded.unionid, auth_record.unionid), \
    profile = COALESCE(excluded.profile, auth_record.profile), scope = excluded.scope, access = excluded.access, \
    refresh = excluded.refresh, expires_in = excluded.expires_in, expires_at = excluded.expires_at, \
    refresh_expires_at = excluded.refresh_expires_at, version = auth_record.version + 1, login_again = 0, \
    updated_at = excluded.updated_at RETURNING id, version";

/// Records what WeChat granted. One record per appid and openid, however many logins run at once.
#[derive(Debug, Clone)]
pub struct RecordAuth {
    /// The id the record gets if it is new.
    pub id: String,
    /// The account's appid.
    pub app_id: AppId,
    /// The instance the login went through.
    pub instance: String,
    /// The blind index of the openid.
    pub openid_index: String,
    /// The openid, sealed.
    pub openid: Vec<u8>,
    /// The blind index of the unionid, when WeChat said one.
    pub unionid_index: Option<String>,
    /// The unionid, sealed. `None` keeps an earlier one.
    pub unionid: Option<Vec<u8>>,
    /// The profile, sealed, when the scope allowed to ask for it. `None` keeps an earlier one.
    pub profile: Option<Vec<u8>>,
    /// The tokens.
    pub tokens: SealedAuthTokens,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// Which record it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedAuth {
    /// The candidate's id, or the one known before.
    pub id: String,
    /// Grows with every change of the tokens; name it in [`SaveAuthTokens`](super::SaveAuthTokens).
    pub version: i64,
}

impl Command for RecordAuth {
    const NAME: &'static str = "auth_record.record";
    type Output = RecordedAuth;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<RecordedAuth, StoreError> {
        let tokens = &self.tokens;
        let record = params![
            &self.id,
            self.app_id.as_str(),
            &self.instance,
            &self.openid_index,
            &self.unionid_index,
            &tokens.refresh_index,
            &self.openid,
            self.unionid.as_ref(),
            self.profile.as_ref(),
            &tokens.scope,
            &tokens.access,
            &tokens.refresh,
            tokens.expires_in,
            tokens.expires_at,
            tokens.refresh_expires_at,
            self.now,
        ];
        let mut row = tx.query_one(RECORD, record).await?;
        Ok(RecordedAuth { id: row.text()?, version: row.integer()? })
    }
}
