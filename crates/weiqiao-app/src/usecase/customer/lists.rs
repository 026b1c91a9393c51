//! Leads and actions, for staff.

use std::fmt;

use weiqiao_store::facts::action::ListActions;
use weiqiao_store::facts::lead::ListLeads;

use super::detail::{ActionDetail, open_detail};
use super::submit_action::{open_lead_field, phone_indexes};
use crate::App;
use crate::crm::mask_phone;
use crate::error::Result;

/// Which leads.
#[derive(Clone, Default)]
pub struct LeadFilter {
    /// Only this advisor's.
    pub assigned_to: Option<String>,
    /// Only of this level.
    pub level: Option<String>,
    /// Only those whose contract is so far.
    pub contract_status: Option<String>,
    /// Only the one with this phone.
    pub phone: Option<String>,
    /// Only the one with this number.
    pub number: Option<String>,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// A lead in a list. Times are epoch milliseconds.
#[derive(Clone)]
pub struct ListedLead {
    /// Our id of it.
    pub id: String,
    /// `CUS` and digits.
    pub number: String,
    /// The name.
    pub name: String,
    /// The phone, masked.
    pub phone: String,
    /// Where it comes from.
    pub source: String,
    /// How far the contract is.
    pub contract_status: String,
    /// How promising it is.
    pub level: String,
    /// How it came about.
    pub remarks: String,
    /// The advisor who made it.
    pub created_by: String,
    /// Whose it is.
    pub assigned_to: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// When anything about it changed last.
    pub updated_at: i64,
}

impl fmt::Debug for ListedLead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListedLead").field("id", &self.id).finish_non_exhaustive()
    }
}

/// One page of leads, the newest first, and how many there are. Phones are masked.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn list_leads(app: &App, filter: LeadFilter) -> Result<(Vec<ListedLead>, u64)> {
    let LeadFilter { assigned_to, level, contract_status, phone, number, page, page_size } = filter;
    let phone_index = phone.and_then(|phone| phone_indexes(app, &phone).into_iter().next());
    let list = ListLeads { assigned_to, level, contract_status, phone_index, number, page, page_size };
    let found = app.store().read(list).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for lead in found.items {
        items.push(ListedLead {
            name: open_lead_field(app, &lead, "name", &lead.name)?,
            phone: mask_phone(&open_lead_field(app, &lead, "phone", &lead.phone)?),
            id: lead.id,
            number: lead.number,
            source: lead.source,
            contract_status: lead.contract_status,
            level: lead.level,
            remarks: lead.remarks,
            created_by: lead.created_by,
            assigned_to: lead.assigned_to,
            created_at: lead.created_at,
            updated_at: lead.updated_at,
        });
    }
    Ok((items, found.total))
}

/// Which actions.
#[derive(Debug, Clone, Default)]
pub struct ActionFilter {
    /// Only for this advisor.
    pub advisor_id: Option<String>,
    /// Only of this type.
    pub action_type: Option<String>,
    /// Only those of this lead.
    pub lead_id: Option<String>,
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
    /// Everything else, the phone masked; nothing when it is to be forgotten.
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

/// One page of actions, the newest first, and how many there are.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn list_actions(app: &App, filter: ActionFilter) -> Result<(Vec<ListedAction>, u64)> {
    let ActionFilter { advisor_id, action_type: kind, lead_id, page, page_size } = filter;
    let found = app.store().read(ListActions { advisor_id, kind, lead_id, page, page_size }).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for action in found.items {
        let mut detail = open_detail(app, &action.app_id, &action.id, action.detail.as_deref())?;
        if let Some(phone) = detail.as_mut().and_then(|detail| detail.customer_phone.as_mut()) {
            *phone = mask_phone(phone);
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
