//! Who is this openid, and what do we know about them?

use weiqiao_model::{AppId, IdentityId, UserId};

use super::{SealedPerson, StoredIdentity, columns, person};
use crate::value::params;
use crate::{Query, Read, StoreError};

/// As few columns as its one question needs: it is asked with nearly every page.
const FIND: &str =
    concat!("SELECT user_id, login_at, ", person!(), " FROM identity WHERE app_id = $1 AND openid_index = $2");

const FIND_BY_ID: &str = concat!("SELECT ", columns!(), person!(), " FROM identity WHERE id = $1");

const FIND_OF_USER: &str = "SELECT openid_index, openid FROM identity WHERE user_id = $1 AND app_id = $2 \
    ORDER BY login_at DESC, id DESC LIMIT 1";

const FIND_BY_OPENID: &str =
    concat!("SELECT ", columns!(), person!(), " FROM identity WHERE app_id = $1 AND openid_index = $2");

const FIND_BY_UNIONID: &str = concat!("SELECT ", columns!(), person!(), " FROM identity WHERE unionid_index = $1");

/// Finds the identity of an openid within one account.
#[derive(Debug, Clone)]
pub struct FindIdentity {
    /// The account's appid: openids of different accounts have nothing to do with each other.
    pub app_id: AppId,
    /// Who is looked for, by blind index.
    pub openid_index: String,
}

/// Somebody who logged in, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPerson {
    /// The person.
    pub user_id: UserId,
    /// The last login, epoch milliseconds.
    pub login_at: i64,
    /// Who it is.
    pub person: SealedPerson,
}

impl Query for FindIdentity {
    const NAME: &'static str = "identity.find";
    type Output = Option<KnownPerson>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let row = db.query_opt(FIND, params![self.app_id.as_str(), &self.openid_index]).await?;
        row.map(|mut row| {
            Ok(KnownPerson { user_id: row.id()?, login_at: row.integer()?, person: SealedPerson::read(&mut row)? })
        })
        .transpose()
    }
}

/// Finds who a user is to one account; of several the one that logged in last.
#[derive(Debug, Clone)]
pub struct FindIdentityOfUser {
    /// The account's appid.
    pub app_id: AppId,
    /// The person.
    pub user_id: UserId,
}

/// Who somebody is to one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityOfUser {
    /// The blind index of the openid.
    pub openid_index: String,
    /// The openid, sealed for that index.
    pub openid: Vec<u8>,
}

impl Query for FindIdentityOfUser {
    const NAME: &'static str = "identity.find_of_user";
    type Output = Option<IdentityOfUser>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let row = db.query_opt(FIND_OF_USER, params![&self.user_id, self.app_id.as_str()]).await?;
        row.map(|mut row| Ok(IdentityOfUser { openid_index: row.text()?, openid: row.bytes()? })).transpose()
    }
}

/// Finds the identity a session belongs to.
#[derive(Debug, Clone)]
pub struct FindIdentityById {
    /// Our id of it.
    pub identity_id: IdentityId,
}

impl Query for FindIdentityById {
    const NAME: &'static str = "identity.find_by_id";
    type Output = Option<StoredIdentity>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        db.query_opt(FIND_BY_ID, params![&self.identity_id]).await?.map(StoredIdentity::read).transpose()
    }
}

/// Finds everybody who has one of these ids.
#[derive(Debug, Clone, Default)]
pub struct FindIdentitiesByIndex {
    /// Blind indexes of openids, each with the appid it belongs to.
    pub openids: Vec<(AppId, String)>,
    /// Blind indexes of unionids.
    pub unionids: Vec<String>,
}

impl Query for FindIdentitiesByIndex {
    const NAME: &'static str = "identity.find_by_index";
    type Output = Vec<StoredIdentity>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let mut rows = Vec::new();
        for (app_id, index) in &self.openids {
            rows.extend(db.query(FIND_BY_OPENID, params![app_id.as_str(), index]).await?);
        }
        for index in &self.unionids {
            rows.extend(db.query(FIND_BY_UNIONID, params![index]).await?);
        }
        rows.into_iter().map(StoredIdentity::read).collect()
    }
}
