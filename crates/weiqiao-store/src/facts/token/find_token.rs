//! Which token is the newest?

use weiqiao_model::AppId;

use super::{StoredToken, columns};
use crate::value::params;
use crate::{Query, Read, StoreError};

const FIND: &str = concat!("SELECT ", columns!(), " FROM account_token WHERE app_id = $1 AND kind = $2");

/// Finds the newest token of an account, whether or not it is still good.
#[derive(Debug, Clone)]
pub struct FindToken {
    /// Whose.
    pub app_id: AppId,
    /// Which sort, such as `access`, `jsapi` or `wx_card`.
    pub kind: String,
}

impl Query for FindToken {
    const NAME: &'static str = "token.find";
    type Output = Option<StoredToken>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        match db.query_opt(FIND, params![self.app_id.as_str(), &self.kind]).await? {
            Some(mut row) => StoredToken::read(&mut row),
            None => Ok(None),
        }
    }
}
