//! Who is this openid, and what do we know about them?

use weiqiao_model::{AppId, IdentityId, OpenId};

use super::{StoredIdentity, columns};
use crate::value::params;
use crate::{Query, Read, StoreError};

const FIND: &str = concat!("SELECT ", columns!(), " FROM identity WHERE app_id = $1 AND openid = $2");

const FIND_BY_ID: &str = concat!("SELECT ", columns!(), " FROM identity WHERE id = $1");

/// Finds the identity of an openid within one account.
#[derive(Debug, Clone)]
pub struct FindIdentity {
    /// The account's appid: openids of different accounts have nothing to do with each other.
    pub app_id: AppId,
    /// Who is looked for.
    pub openid: OpenId,
}

impl Query for FindIdentity {
    const NAME: &'static str = "identity.find";
    type Output = Option<StoredIdentity>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let row = db.query_opt(FIND, params![self.app_id.as_str(), self.openid.as_str()]).await?;
        row.map(StoredIdentity::read).transpose()
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
