//! People as they are shown.

mod cache;
mod list_users;
mod me;
mod person;
mod read_user;

use serde::{Deserialize, Serialize};
use weiqiao_model::Profile;
use weiqiao_store::facts::identity::StoredIdentity;

use self::person::{PERSON, place};
use crate::App;
use crate::vault::Damaged;

pub(crate) use cache::PeopleCache;
pub use list_users::{ListedUser, UserList, UserListRequest, list_users};
pub use me::{Me, MySession, me};
pub(crate) use person::{Person, open_openid, open_person, openid_index, openid_place, seal_login, unionid_index};
pub use read_user::{UserStatus, read_user};
pub use weiqiao_store::facts::identity::UserSort;

/// A person, in the documented shape of `user_info`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserInfo {
    /// Who it is to the account they logged in through.
    pub openid: String,
    /// Display only; any Unicode, no control characters. Empty after a `snsapi_base` login.
    pub nickname: String,
    /// Address of the portrait; empty when there is none.
    pub headimgurl: String,
    /// 0 unknown, 1 male, 2 female.
    pub sex: i64,
    /// Language of their WeChat.
    pub language: String,
    /// Country.
    pub country: String,
    /// Province.
    pub province: String,
    /// City.
    pub city: String,
    /// Privileges such as `chinaunicom`.
    pub privilege: Vec<String>,
    /// When they last logged in, epoch seconds.
    pub login_time: i64,
    /// Until when that login counts as fresh, epoch seconds.
    pub expires_at: i64,
    /// Who it is to the open-platform group, when WeChat said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unionid: Option<String>,
}

impl UserInfo {
    /// Joins what is known. `login_at` is epoch milliseconds, `fresh_s` how long a login counts as fresh.
    pub(crate) fn new(openid: &str, unionid: Option<&str>, profile: Profile, login_at: i64, fresh_s: i64) -> Self {
        Self::joined(openid.to_owned(), unionid.map(str::to_owned), profile, login_at, fresh_s)
    }

    fn joined(openid: String, unionid: Option<String>, profile: Profile, login_at: i64, fresh_s: i64) -> Self {
        let login_time = login_at.div_euclid(1000);
        Self {
            openid,
            nickname: profile.nickname,
            headimgurl: profile.headimgurl,
            sex: profile.sex,
            language: profile.language,
            country: profile.country,
            province: profile.province,
            city: profile.city,
            privilege: profile.privilege,
            login_time,
            expires_at: login_time.saturating_add(fresh_s),
            unionid,
        }
    }

    /// Of somebody who was opened.
    pub(crate) fn of(person: Person, login_at: i64, fresh_s: i64) -> Self {
        let Person { openid, unionid, profile } = person;
        Self::joined(openid, unionid, profile, login_at, fresh_s)
    }
}

/// Who a row is about; nothing, and the names of its fields, when that cannot be read.
pub(crate) fn person_of(app: &App, identity: StoredIdentity) -> (Option<Person>, Damaged) {
    let StoredIdentity { identity_id, app_id, openid_index, person, .. } = identity;
    let mut row = app.vault().row(identity_id.as_str());
    let opened = open_person(app.vault(), &app_id, &openid_index, person);
    let person = row.keep(PERSON, place("profile", &openid_index, &app_id), opened);
    (person, row.damaged())
}

/// `AUTHORIZATION_TTL` in seconds.
pub(crate) fn fresh_s(app: &App) -> i64 {
    i64::try_from(app.settings().authorization_ttl.as_secs()).unwrap_or(i64::MAX / 2_000)
}
