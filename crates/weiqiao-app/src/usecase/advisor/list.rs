//! Advisors and subscriptions, for staff.

use weiqiao_store::facts::advisor::{ListAdvisors, StoredAdvisor};
use weiqiao_store::facts::subscription::ListSubscriptions;

use super::subscribe::{Subscription, shown};
use crate::App;
use crate::error::Result;

/// Which subscriptions.
#[derive(Debug, Clone, Default)]
pub struct SubscriptionFilter {
    /// Only this advisor's.
    pub advisor_id: Option<String>,
    /// Only messages of this template.
    pub template_id: Option<String>,
    /// Only those that may be sent to, or only the others.
    pub active: Option<bool>,
    /// The oldest first; otherwise the newest.
    pub oldest_first: bool,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// A subscription in a list.
pub type ListedSubscription = Subscription;

/// An advisor in a list.
pub type ListedAdvisor = StoredAdvisor;

/// One page of subscriptions, and how many there are.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn list_subscriptions(app: &App, filter: SubscriptionFilter) -> Result<(Vec<ListedSubscription>, u64)> {
    let SubscriptionFilter { advisor_id, template_id, active, oldest_first, page, page_size } = filter;
    let list = ListSubscriptions { advisor_id, template_id, active, oldest_first, page, page_size };
    let found = app.store().read(list).await?;
    Ok((found.items.into_iter().map(|stored| shown(app, stored)).collect(), found.total))
}

/// One page of advisors, the newest first, and how many there are.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn list_advisors(app: &App, page: u32, page_size: u32) -> Result<(Vec<ListedAdvisor>, u64)> {
    let found = app.store().read(ListAdvisors { app_id: None, page, page_size }).await?;
    Ok((found.items, found.total))
}
