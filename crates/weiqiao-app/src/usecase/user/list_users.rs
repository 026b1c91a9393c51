//! Who has logged in? For staff.

use std::sync::Arc;

use serde::Serialize;
use weiqiao_model::{AccountName, Profile};
use weiqiao_store::facts::identity::{FindIdentitiesByIndex, ListUsers, StoredIdentity, UserSort};

use super::{Person, fresh_s, openid_index, person_of, unionid_index};
use crate::App;
use crate::accounts::Account;
use crate::caller::Caller;
use crate::error::Result;
use crate::usecase::staff::Permission;
use crate::vault::Damaged;

/// What to list.
#[derive(Debug, Clone)]
pub struct UserListRequest {
    /// Only people of this account.
    pub account: Option<String>,
    /// Only people with this openid or unionid; when nobody has it, those with this in their nickname.
    pub search: Option<String>,
    /// In which order.
    pub sort: UserSort,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, 1 to 200.
    pub page_size: u32,
}

impl Default for UserListRequest {
    /// The first 20, the latest login first.
    fn default() -> Self {
        Self { account: None, search: None, sort: UserSort::default(), page: 1, page_size: 20 }
    }
}

/// One page of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserList {
    /// The people on this page.
    pub items: Vec<ListedUser>,
    /// How many there are on all pages.
    pub total: u64,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many fit on a page.
    pub page_size: u32,
}

/// One person in the list. What is sealed is nothing when it is damaged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedUser {
    /// Our id of the person.
    pub user_id: String,
    /// The account they log in through.
    pub account: String,
    /// Who it is to that account.
    pub openid: Option<String>,
    /// Display only; empty after a `snsapi_base` login.
    pub nickname: Option<String>,
    /// Address of the portrait; empty when there is none.
    pub headimgurl: Option<String>,
    /// 0 unknown, 1 male, 2 female.
    pub sex: Option<i64>,
    /// Language of their WeChat.
    pub language: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Province.
    pub province: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Privileges such as `chinaunicom`.
    pub privilege: Option<Vec<String>>,
    /// Who it is to the open-platform group, when WeChat said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unionid: Option<String>,
    /// When they last logged in, epoch seconds.
    pub login_time: i64,
    /// Until when that login counts as fresh, epoch seconds.
    pub expires_at: i64,
    /// The first login, epoch seconds.
    pub created_at: i64,
    /// Whether the last login is older than `AUTHORIZATION_TTL`.
    pub need_auth: bool,
    /// What of it cannot be read.
    #[serde(skip_serializing_if = "Damaged::is_empty")]
    pub damaged: Damaged,
}

/// Lists people, for staff.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `NotFound` for an account nobody can log in through, `Unavailable` when the database
/// is down.
pub async fn list_users(app: &App, caller: &Caller, request: UserListRequest) -> Result<UserList> {
    caller.demand_staff(Permission::ReadUsers)?;
    let account = request.account.as_deref().map(|name| of_login(app, name)).transpose()?;
    let UserListRequest { search, sort, page, page_size, .. } = request;
    let Some(search) = search.filter(|search| !search.trim().is_empty()) else {
        let found = app.store().read(ListUsers { account, sort, page, page_size }).await?;
        let items = found.items.into_iter().map(|identity| listed(app, identity)).collect();
        return Ok(UserList { items, total: found.total, page, page_size });
    };
    let mut found = with_id(app, account.as_ref(), &search).await?;
    if found.is_empty() {
        found = with_nickname(app, account, &search, sort).await?;
    }
    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let skip = usize::try_from(page.saturating_sub(1).saturating_mul(page_size)).unwrap_or(usize::MAX);
    let size = usize::try_from(page_size).unwrap_or(usize::MAX);
    Ok(UserList { items: found.into_iter().skip(skip).take(size).collect(), total, page, page_size })
}

/// Every account that people log in through: a login instance may bring one of its own.
fn accounts_of_login(app: &App) -> impl Iterator<Item = &Arc<Account>> {
    let own = |one: &&Arc<Account>| app.accounts().named(one.name.as_str()).is_err();
    app.accounts().iter().chain(app.instances().iter().map(|instance| &instance.account).filter(own))
}

/// The name of such an account.
fn of_login(app: &App, name: &str) -> Result<AccountName> {
    match accounts_of_login(app).find(|one| one.name.as_str() == name) {
        Some(account) => Ok(account.name.clone()),
        None => app.accounts().named(name).map(|account| account.name.clone()),
    }
}

/// People whose openid or unionid this is, found by blind index.
async fn with_id(app: &App, account: Option<&AccountName>, id: &str) -> Result<Vec<ListedUser>> {
    let accounts = || accounts_of_login(app).filter(|one| account.is_none_or(|name| one.name == *name));
    let openid = |one: &Arc<Account>| (one.app_id().clone(), openid_index(app.vault(), one.app_id(), id));
    let mut unionids: Vec<_> = accounts().map(|one| unionid_index(app.vault(), one, id)).collect();
    unionids.sort();
    unionids.dedup();
    let find = FindIdentitiesByIndex { openids: accounts().map(openid).collect(), unionids };
    let found = app.store().read(find).await?;
    let theirs = found.into_iter().filter(|identity| account.is_none_or(|name| identity.account == *name));
    Ok(theirs.map(|identity| listed(app, identity)).collect())
}

/// Nicknames are sealed, so that only looking at everybody finds one; only at so many.
const MAX_SEARCHED: u32 = 20_000;

/// The most that are opened at a time.
const AT_ONCE: u32 = 1_000;

/// People whose nickname contains this, letters A–Z in either case; among the first [`MAX_SEARCHED`] in this order.
async fn with_nickname(app: &App, account: Option<AccountName>, part: &str, sort: UserSort) -> Result<Vec<ListedUser>> {
    let part = part.to_ascii_lowercase();
    let mut found = Vec::new();
    for page in 1..=MAX_SEARCHED / AT_ONCE {
        let list = ListUsers { account: account.clone(), sort, page, page_size: AT_ONCE };
        let rows = app.store().read(list).await?.items;
        let last = rows.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
        for identity in rows {
            let user = listed(app, identity);
            if user.nickname.as_ref().is_some_and(|name| name.to_ascii_lowercase().contains(&part)) {
                found.push(user);
            }
        }
        if last {
            break;
        }
        tokio::task::yield_now().await;
    }
    Ok(found)
}

fn listed(app: &App, identity: StoredIdentity) -> ListedUser {
    let (user_id, account) = (identity.user_id.as_str().to_owned(), identity.account.as_str().to_owned());
    let created_at = identity.created_at.div_euclid(1000);
    let login_time = identity.login_at.div_euclid(1000);
    let expires_at = login_time.saturating_add(fresh_s(app));
    let (person, damaged) = person_of(app, identity);
    let (person, profile) = match person {
        Some(Person { openid, unionid, profile }) => (Some((openid, unionid)), Some(profile)),
        None => (None, None),
    };
    let (openid, unionid) = person.unzip();
    let text = |field: fn(&Profile) -> &String| profile.as_ref().map(|profile| field(profile).clone());
    ListedUser {
        user_id,
        account,
        openid,
        nickname: text(|profile| &profile.nickname),
        headimgurl: text(|profile| &profile.headimgurl),
        sex: profile.as_ref().map(|profile| profile.sex),
        language: text(|profile| &profile.language),
        country: text(|profile| &profile.country),
        province: text(|profile| &profile.province),
        city: text(|profile| &profile.city),
        privilege: profile.as_ref().map(|profile| profile.privilege.clone()),
        unionid: unionid.flatten(),
        login_time,
        expires_at,
        created_at,
        need_auth: app.now_ms().div_euclid(1000) >= expires_at,
        damaged,
    }
}
