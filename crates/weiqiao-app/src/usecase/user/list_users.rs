//! Who has logged in? For staff.

use std::sync::Arc;

use serde::Serialize;
use weiqiao_model::AccountName;
use weiqiao_store::facts::identity::{FindIdentitiesByIndex, ListUsers, StoredIdentity, UserSort};

use super::{UserInfo, openid_index, unionid_index};
use crate::App;
use crate::accounts::Account;
use crate::caller::Caller;
use crate::error::{AppError, Result};
use crate::usecase::staff::Permission;

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

/// One person in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedUser {
    /// Our id of the person.
    pub user_id: String,
    /// The account they log in through.
    pub account: String,
    /// The profile.
    #[serde(flatten)]
    pub user_info: UserInfo,
    /// The first login, epoch seconds.
    pub created_at: i64,
    /// Whether the last login is older than `AUTHORIZATION_TTL`.
    pub need_auth: bool,
}

/// Lists people, for staff.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `Invalid` for a page that cannot be, `Unavailable` when the database is down.
pub async fn list_users(app: &App, caller: &Caller, request: UserListRequest) -> Result<UserList> {
    caller.demand_staff(Permission::ReadUsers)?;
    if request.page == 0 {
        return Err(AppError::field("page", "min", "page 从 1 开始"));
    }
    if !(1..=200).contains(&request.page_size) {
        return Err(AppError::field("page_size", "range", "page_size 必须在 1 到 200 之间"));
    }
    let account = request.account.as_deref().map(AccountName::new).transpose();
    let account = account.map_err(|_| AppError::field("account", "account", "account 格式不正确"))?;
    let UserListRequest { search, sort, page, page_size, .. } = request;
    let Some(search) = search.filter(|search| !search.trim().is_empty()) else {
        let found = app.store().read(ListUsers { account, sort, page, page_size }).await?;
        let items = found.items.into_iter().map(|identity| listed(app, identity)).collect::<Result<_>>()?;
        return Ok(UserList { items, total: found.total, page, page_size });
    };
    let mut found = with_id(app, account.as_ref(), &search).await?;
    if found.is_empty() {
        found = with_nickname(app, account, &search, sort).await?;
    }
    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let skip = usize::try_from((page - 1).saturating_mul(page_size)).unwrap_or(usize::MAX);
    let size = usize::try_from(page_size).unwrap_or(usize::MAX);
    Ok(UserList { items: found.into_iter().skip(skip).take(size).collect(), total, page, page_size })
}

/// People whose openid or unionid this is, found by blind index.
async fn with_id(app: &App, account: Option<&AccountName>, id: &str) -> Result<Vec<ListedUser>> {
    let accounts = || app.accounts().iter().filter(|one| account.is_none_or(|name| one.name == *name));
    let openid = |one: &Arc<Account>| (one.app_id().clone(), openid_index(app.vault(), one.app_id(), id));
    let mut unionids: Vec<_> = accounts().map(|one| unionid_index(app.vault(), one, id)).collect();
    unionids.sort();
    unionids.dedup();
    let find = FindIdentitiesByIndex { openids: accounts().map(openid).collect(), unionids };
    let found = app.store().read(find).await?;
    found
        .into_iter()
        .filter(|identity| account.is_none_or(|name| identity.account == *name))
        .map(|identity| listed(app, identity))
        .collect()
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
            let user = listed(app, identity)?;
            if user.user_info.nickname.to_ascii_lowercase().contains(&part) {
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

fn listed(app: &App, identity: StoredIdentity) -> Result<ListedUser> {
    let (user_id, account) = (identity.user_id.as_str().to_owned(), identity.account.as_str().to_owned());
    let created_at = identity.created_at.div_euclid(1000);
    let user_info = UserInfo::of_row(app, identity)?;
    let need_auth = app.now_ms().div_euclid(1000) >= user_info.expires_at;
    Ok(ListedUser { user_id, account, user_info, created_at, need_auth })
}
