//! Who has logged in? For staff.

use serde::Serialize;
use weiqiao_model::AccountName;
use weiqiao_store::facts::identity::{ListUsers, StoredIdentity, UserSort};

use super::{UserInfo, fresh_s};
use crate::App;
use crate::caller::Caller;
use crate::error::{AppError, Result};
use crate::usecase::staff::Permission;

/// What to list.
#[derive(Debug, Clone)]
pub struct UserListRequest {
    /// Only people of this account.
    pub account: Option<String>,
    /// Only people with this openid or unionid, or with this in their nickname.
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
    let search = search.filter(|search| !search.trim().is_empty());
    let found = app.store().read(ListUsers { account, search, sort, page, page_size }).await?;
    let (now_s, fresh_s) = (app.now_ms().div_euclid(1000), fresh_s(app));
    let items = found.items.into_iter().map(|identity| listed(identity, fresh_s, now_s)).collect();
    Ok(UserList { items, total: found.total, page, page_size })
}

fn listed(identity: StoredIdentity, fresh_s: i64, now_s: i64) -> ListedUser {
    let (user_id, account) = (identity.user_id.as_str().to_owned(), identity.account.as_str().to_owned());
    let created_at = identity.created_at.div_euclid(1000);
    let user_info = UserInfo::of(identity, fresh_s);
    let need_auth = now_s >= user_info.expires_at;
    ListedUser { user_id, account, user_info, created_at, need_auth }
}
