//! People as one WeChat account sees them.
//!
//! Nothing about a person is here in clear: rows are found by blind indexes, and what they hold is sealed by the application
//! for the row the openid's index names.

mod find_identity;
mod forget;
mod list_users;

use weiqiao_model::{AccountName, AppId, IdentityId, UserId};

pub use find_identity::{
    FindIdentitiesByIndex, FindIdentity, FindIdentityById, FindIdentityOfUser, IdentityOfUser, KnownPerson,
};
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
    /// The blind index of the openid; what is sealed is sealed for it.
    pub openid_index: String,
    /// Who it is.
    pub person: SealedPerson,
    /// The scope of the last login.
    pub scope: String,
    /// When the profile was last read from WeChat, epoch milliseconds; `None`: never (`snsapi_base` only), or forgotten.
    pub profile_at: Option<i64>,
    /// The last login, epoch milliseconds.
    pub login_at: i64,
    /// The first login, epoch milliseconds.
    pub created_at: i64,
}

/// What has to be opened to know who it is: mostly one value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SealedPerson {
    /// Profile, openid and unionid together; `None` while no profile is known.
    pub profile: Option<Vec<u8>>,
    /// The openid; only when there is no profile.
    pub openid: Option<Vec<u8>>,
    /// The unionid; only when the profile does not hold it, or another one.
    pub unionid: Option<Vec<u8>>,
}

/// The columns [`SealedPerson::read`] reads, in its order.
macro_rules! person {
    () => {
        "profile, CASE WHEN profile IS NULL THEN openid END, \
         CASE WHEN profile IS NULL OR COALESCE(profile_unionid, '') <> COALESCE(unionid_index, '') THEN unionid END"
    };
}
use person;

impl SealedPerson {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { profile: row.opt_bytes()?, openid: row.opt_bytes()?, unionid: row.opt_bytes()? })
    }
}

/// The first of the columns [`StoredIdentity::read`] reads; those of the person and the times follow.
macro_rules! columns {
    () => {
        "id, user_id, app_id, account, openid_index, scope, profile_at, login_at, created_at, "
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
            openid_index: row.text()?,
            scope: row.text()?,
            profile_at: row.opt_integer()?,
            login_at: row.integer()?,
            created_at: row.integer()?,
            person: SealedPerson::read(&mut row)?,
        })
    }
}
