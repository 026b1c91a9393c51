//! Somebody reads a lead in clear, and says why.

use std::fmt;

use serde_json::json;
use weiqiao_model::ApiScope;

use super::find_own;
use super::open::LeadFields;
use crate::App;
use crate::audit::Deed;
use crate::caller::Caller;
use crate::error::Result;
use crate::usecase::staff::Permission;
use crate::usecase::text::fit;
use crate::vault::Damaged;

/// Who a lead is.
#[derive(Clone)]
pub struct RevealedLead {
    /// Our id of it.
    pub id: String,
    /// `CUS` and digits.
    pub number: String,
    /// The name; nothing when it is damaged.
    pub name: Option<String>,
    /// The phone; nothing when it is damaged.
    pub phone: Option<String>,
    /// What of it cannot be read.
    pub damaged: Damaged,
}

impl fmt::Debug for RevealedLead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevealedLead").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Name and phone in clear. That it was read, by whom and why is in the audit chain before anybody sees it.
///
/// # Errors
///
/// `Unauthorized`; `Forbidden` without the right, and for an advisor when the lead is in the pool; `NotFound` for a lead that
/// does not exist for the caller; `Invalid` for a reason of fewer than 2 or more than 200 characters; `Unavailable` when it
/// cannot be written down.
pub async fn reveal_lead(app: &App, caller: &Caller, id: &str, reason: &str) -> Result<RevealedLead> {
    caller.demand(Permission::RevealLeads, ApiScope::LeadReveal)?;
    let reason = reason_of(reason)?;
    let lead = find_own(app, caller, id).await?;
    let mut fields = LeadFields::of(app, &lead);
    let (name, phone, damaged) = (fields.name(), fields.phone(), fields.damaged());
    let entry = app.audit_entry(caller, Deed::LeadRevealed, "lead", &lead.id, &json!({"reason": reason}));
    app.record_audit(entry).await?;
    Ok(RevealedLead { id: lead.id, number: lead.number, name, phone, damaged })
}

pub(super) fn reason_of(reason: &str) -> Result<&str> {
    fit("reason", reason, 2..=200, false)
}
