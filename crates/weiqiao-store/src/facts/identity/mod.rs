//! People as one WeChat account sees them.

mod find_identity;
mod forget;
mod list_users;

use weiqiao_model::{AccountName, AppId, IdentityId, OpenId, Profile, UnionId, UserId};

pub use find_identity::{FindIdentity, FindIdentityById};
pub(super) use forget::{forget_person, forget_profile};
pub use list_users::{ListUsers, UserPage, UserSort};

use crate::{Row, StoreError};

/// What is stored about a person as one account sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredIdentity {
    /// Our id of this identity.
    pub identity_id: IdentityId,
    /// The person behind it.
    pub user_id: UserId,
    /// The account's appid.
    pub app_id: AppId,
    /// The account's name when they last logged in.
    pub account: AccountName,
    /// Who it is to this account.
    pub openid: OpenId,
    /// Who it is to the open-platform group, when WeChat said so.
    pub unionid: Option<UnionId>,
    /// The scope of the last login.
    pub scope: String,
    /// The profile; empty when `profile_at` is `None`.
    pub profile: Profile,
    /// When the profile was last read from WeChat, epoch milliseconds; `None`: never (`snsapi_base` only).
    pub profile_at: Option<i64>,
    /// The last login, epoch milliseconds.
    pub login_at: i64,
    /// The first login, epoch milliseconds.
    pub created_at: i64,
}

/// The columns [`StoredIdentity::read`] reads, in its order.
macro_rules! columns {
    () => {
        "id, user_id, app_id, account, openid, unionid, scope, nickname, headimgurl, sex, language, country, province, \
         city, privilege, profile_at, login_at, created_at"
    };
}
use columns;

impl StoredIdentity {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            identity_id: row.id()?,
            user_id: row.id()?,
            app_id: row.id()?,
            account: row.word()?,
            openid: row.id()?,
            unionid: row.opt_id()?,
            scope: row.text()?,
            profile: Profile {
                nickname: row.text()?,
                headimgurl: row.text()?,
                sex: row.integer()?,
                language: row.text()?,
                country: row.text()?,
                province: row.text()?,
                city: row.text()?,
                privilege: row.json()?,
            },
            profile_at: row.opt_integer()?,
            login_at: row.integer()?,
            created_at: row.integer()?,
        })
    }
}
