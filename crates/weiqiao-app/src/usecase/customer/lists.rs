//! Actions, for staff.

use weiqiao_store::facts::action::ListActions;

use super::detail::{ActionDetail, open_detail};
use crate::App;
use crate::crm::{mask_name, mask_phone};
use crate::error::Result;

/// Which actions.
#[derive(Debug, Clone, Default)]
pub struct ActionFilter {
    /// Only for this advisor.
    pub advisor_id: Option<String>,
    /// Only of this type.
    pub action_type: Option<String>,
    /// Only those of this lead.
    pub lead_id: Option<String>,
    /// The oldest first; otherwise the newest.
    pub oldest_first: bool,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// An action in a list.
#[derive(Debug, Clone)]
pub struct ListedAction {
    /// Our id of it.
    pub id: String,
    /// For which advisor.
    pub advisor_id: String,
    /// What it was.
    pub action_type: String,
    /// Everything else, name and phone masked; nothing when it is to be forgotten.
    pub detail: Option<ActionDetail>,
    /// The lead it belongs to.
    pub lead_id: Option<String>,
    /// Whether it made that lead.
    pub lead_created: bool,
    /// Whether the advisor was told.
    pub notified: bool,
    /// When, epoch milliseconds.
    pub created_at: i64,
}

/// One page of actions, and how many there are.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn list_actions(app: &App, filter: ActionFilter) -> Result<(Vec<ListedAction>, u64)> {
    let ActionFilter { advisor_id, action_type: kind, lead_id, oldest_first, page, page_size } = filter;
    let found = app.store().read(ListActions { advisor_id, kind, lead_id, oldest_first, page, page_size }).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for action in found.items {
        let mut detail = open_detail(app, &action.app_id, &action.id, action.detail.as_deref())?;
        if let Some(detail) = &mut detail {
            detail.customer_phone = detail.customer_phone.as_deref().map(mask_phone);
            detail.customer_name = detail.customer_name.as_deref().map(mask_name);
        }
        items.push(ListedAction {
            id: action.id,
            advisor_id: action.advisor_id,
            action_type: action.kind,
            detail,
            lead_id: action.lead_id,
            lead_created: action.lead_created,
            notified: action.notified,
            created_at: action.created_at,
        });
    }
    Ok((items, found.total))
}
