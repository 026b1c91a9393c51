//! What came? Without what was said.

use weiqiao_model::ApiScope;
use weiqiao_store::facts::inbox::{ListInbox, ListedPush};

use crate::App;
use crate::caller::Caller;
use crate::error::{AppError, Result};
use crate::usecase::callback::who;
use crate::usecase::staff::Permission;

/// What to list.
#[derive(Debug, Clone)]
pub struct InboxRequest {
    /// Only this account.
    pub account: Option<String>,
    /// Only this type of message, or this event.
    pub word: Option<String>,
    /// Only decided ones, or only those that are not.
    pub done: Option<bool>,
    /// Only from this person; needs `account`.
    pub openid: Option<String>,
    /// Only what was decided by this, such as `rule:…` or `nobody`.
    pub decided_by: Option<String>,
    /// Only from this time on, epoch seconds.
    pub since: Option<i64>,
    /// Only before this time, epoch seconds.
    pub until: Option<i64>,
    /// The oldest first; otherwise the newest.
    pub oldest_first: bool,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, 1 to 200.
    pub page_size: u32,
}

/// One page of what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxList {
    /// The pushes on this page.
    pub items: Vec<ListedPush>,
    /// How many there are on all pages.
    pub total: u64,
}

/// Lists pushes.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `Invalid` for a page that cannot be or an openid without account,
/// `NotFound` for an account that is not configured.
pub async fn list_inbox(app: &App, caller: &Caller, request: InboxRequest) -> Result<InboxList> {
    caller.demand(Permission::ReadCallbacks, ApiScope::Admin)?;
    let account = request.account.as_deref().map(|name| app.accounts().named(name)).transpose()?;
    let who = match (&request.openid, account) {
        (None, _) => None,
        (Some(_), None) => return Err(AppError::field("account", "required", "按 openid 查找时要给出 account")),
        (Some(openid), Some(account)) => who(app, account.app_id().as_str(), openid),
    };
    let InboxRequest { account, word, done, decided_by, oldest_first, page, page_size, .. } = request;
    let millis = |seconds: Option<i64>| seconds.map(|seconds| seconds.saturating_mul(1000));
    let (since, until) = (millis(request.since), millis(request.until));
    let list = ListInbox { account, word, done, who, decided_by, since, until, oldest_first, page, page_size };
    let found = app.store().read(list).await?;
    Ok(InboxList { items: found.items, total: found.total })
}
