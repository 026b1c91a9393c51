//! Who follows?

use weiqiao_model::ApiScope;
use weiqiao_store::facts::follower::{ListFollowers, StoredFollower};

use crate::App;
use crate::caller::Caller;
use crate::error::{AppError, Result};
use crate::usecase::callback::who;
use crate::usecase::staff::Permission;
use crate::vault::{Damaged, Place};

/// What to list.
#[derive(Debug, Clone)]
pub struct FollowerRequest {
    /// Only this account.
    pub account: Option<String>,
    /// Only those who follow, or only those who left.
    pub subscribed: Option<bool>,
    /// Only those who followed by a QR code of this scene.
    pub scene: Option<String>,
    /// Only this person; needs `account`.
    pub openid: Option<String>,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, 1 to 200.
    pub page_size: u32,
}

/// One page of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowerList {
    /// The people on this page.
    pub items: Vec<ListedFollower>,
    /// How many there are on all pages.
    pub total: u64,
}

/// Somebody who follows or followed. Times are epoch seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedFollower {
    /// The account's name.
    pub account: String,
    /// Who; nothing for staff who may not read what people write, and once they left.
    pub openid: Option<String>,
    /// Whether they follow.
    pub subscribed: bool,
    /// The scene of the QR code they followed by.
    pub scene: Option<String>,
    /// When they last followed.
    pub subscribed_at: Option<i64>,
    /// When they last left.
    pub unsubscribed_at: Option<i64>,
    /// When they were first heard of.
    pub created_at: i64,
    /// What of it cannot be read.
    pub damaged: Damaged,
}

/// Lists people who follow or followed, the latest change first.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `Invalid` for a page that cannot be or an openid without account,
/// `NotFound` for an account that is not configured.
pub async fn list_followers(app: &App, caller: &Caller, request: FollowerRequest) -> Result<FollowerList> {
    caller.demand(Permission::ReadCallbacks, ApiScope::Admin)?;
    let may_know_who = caller.demand(Permission::ReadMessages, ApiScope::Admin).is_ok();
    let account = request.account.as_deref().map(|name| app.accounts().named(name)).transpose()?;
    let who = match (&request.openid, account) {
        (None, _) => None,
        (Some(_), None) => return Err(AppError::field("account", "required", "按 openid 查找时要给出 account")),
        (Some(openid), Some(account)) => who(app, account.app_id().as_str(), openid),
    };
    let FollowerRequest { account, subscribed, scene, page, page_size, .. } = request;
    let found = app.store().read(ListFollowers { account, subscribed, scene, who, page, page_size }).await?;
    let items = found.items.into_iter().map(|stored| listed(app, stored, may_know_who));
    Ok(FollowerList { items: items.collect(), total: found.total })
}

fn listed(app: &App, stored: StoredFollower, may_know_who: bool) -> ListedFollower {
    let place = Place::new("follower", "openid", &stored.who, &stored.app_id);
    let mut row = app.vault().row(&stored.who);
    let openid = stored.openid.filter(|_| may_know_who).and_then(|sealed| row.text("openid", place, &sealed));
    let damaged = row.damaged();
    let seconds = |millis: i64| millis.div_euclid(1000);
    ListedFollower {
        account: stored.account,
        openid,
        subscribed: stored.subscribed,
        scene: stored.scene,
        subscribed_at: stored.subscribed_at.map(seconds),
        unsubscribed_at: stored.unsubscribed_at.map(seconds),
        created_at: seconds(stored.created_at),
        damaged,
    }
}
