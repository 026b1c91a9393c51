//! Leads leave as a file: portion by portion, no more of them than were written down.

use std::fmt;

use serde_json::json;
use weiqiao_model::ApiScope;
use weiqiao_store::facts::lead::{CountLeads, ExportLeads, LeadFilter as StoredFilter, StoredLead};

use super::list_leads::LeadFilter;
use super::open::LeadFields;
use super::reveal_lead::reason_of;
use super::{own, reads_notes};
use crate::App;
use crate::audit::Deed;
use crate::caller::Caller;
use crate::crm::{mask_name, mask_phone, shanghai_time};
use crate::error::Result;
use crate::usecase::staff::Permission;

/// How many leads are in memory at once.
const PORTION: u32 = 500;

/// What stands in a cell whose value cannot be read.
const DAMAGED: &str = "（数据损坏，无法读取）";

/// A lead in a file. Times are `YYYY-MM-DD HH:mm:ss` in China.
#[derive(Clone)]
pub struct ExportedLead {
    /// `CUS` and digits.
    pub number: String,
    /// The name, masked unless it was asked for in clear.
    pub name: String,
    /// The phone, masked unless it was asked for in clear.
    pub phone: String,
    /// Where it comes from.
    pub source: String,
    /// How promising it is.
    pub level: String,
    /// How far the contract is.
    pub contract_status: String,
    /// Whose it is; empty: in the public pool.
    pub assigned_to: String,
    /// The advisor who made it.
    pub created_by: String,
    /// What staff note, or how it came about.
    pub remarks: String,
    /// When somebody followed up last; empty: never.
    pub followed_at: String,
    /// When somebody is to follow up next; may be empty.
    pub next_follow_up_at: String,
    /// When it was made.
    pub created_at: String,
    /// When it was changed last.
    pub updated_at: String,
}

impl fmt::Debug for ExportedLead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExportedLead").field("number", &self.number).finish_non_exhaustive()
    }
}

/// An export under way.
#[derive(Debug)]
pub struct LeadExport {
    app: App,
    filter: StoredFilter,
    clear: bool,
    notes: bool,
    after: Option<String>,
    left: u64,
}

/// Begins an export. That it is done, by whom, with which filter and of how many leads is in the audit chain before the first
/// of them leaves. With a `reason` names and phones are in clear; that takes the right to reveal, too. Advisors who may
/// export take their own.
///
/// # Errors
///
/// `Unauthorized`; `Forbidden` without the right, `Invalid` for a reason that is none, `Unavailable` when it cannot be written
/// down.
pub async fn begin_export(app: &App, caller: &Caller, filter: LeadFilter, reason: Option<&str>) -> Result<LeadExport> {
    caller.demand(Permission::ExportLeads, ApiScope::Admin)?;
    let reason = match reason {
        Some(reason) => {
            caller.demand(Permission::RevealLeads, ApiScope::LeadReveal)?;
            Some(reason_of(reason)?)
        }
        None => None,
    };
    let noted = filter.noted();
    // Who comes while it runs is not part of it.
    let until = app.now_ms().saturating_add(1);
    let filter = LeadFilter { until: Some(filter.until.map_or(until, |wanted| wanted.min(until))), ..filter };
    let filter = filter.stored(app, own(caller)?)?;
    let count = app.store().read(CountLeads { filter: filter.clone() }).await?;
    let detail = json!({"filter": noted, "count": count, "clear": reason.is_some(), "reason": reason});
    app.record_audit(app.audit_entry(caller, Deed::LeadsExported, "leads", "", &detail)).await?;
    let (clear, notes) = (reason.is_some(), reads_notes(caller));
    Ok(LeadExport { app: app.clone(), filter, clear, notes, after: None, left: count })
}

impl LeadExport {
    /// The next leads, the newest first; nothing when that was all.
    ///
    /// # Errors
    ///
    /// `Unavailable` when the database is down: then the file is not whole, and whoever reads it has to learn that.
    pub async fn next(&mut self) -> Result<Option<Vec<ExportedLead>>> {
        let limit = u32::try_from(self.left).unwrap_or(PORTION).min(PORTION);
        if limit == 0 {
            return Ok(None);
        }
        let portion = ExportLeads { filter: self.filter.clone(), after: self.after.take(), limit };
        let found = self.app.store().read(portion).await?;
        let Some(last) = found.last() else {
            self.left = 0;
            return Ok(None);
        };
        self.after = Some(last.id.clone());
        self.left = self.left.saturating_sub(found.len() as u64);
        Ok(Some(found.iter().map(|lead| self.row(lead)).collect()))
    }

    fn row(&self, lead: &StoredLead) -> ExportedLead {
        let mut fields = LeadFields::of(&self.app, lead);
        let cell = |text: Option<String>, mask: fn(&str) -> String| match text {
            Some(text) if self.clear => text,
            Some(text) => mask(&text),
            None => DAMAGED.to_owned(),
        };
        let time = |ms: Option<i64>| ms.map(shanghai_time).unwrap_or_default();
        ExportedLead {
            number: lead.number.clone(),
            name: cell(fields.name(), mask_name),
            phone: cell(fields.phone(), mask_phone),
            source: lead.source.clone(),
            level: lead.level.clone(),
            contract_status: lead.contract_status.clone(),
            assigned_to: lead.assigned_to.clone().unwrap_or_default(),
            created_by: lead.created_by.clone(),
            remarks: fields.remarks(self.notes).unwrap_or_else(|| DAMAGED.to_owned()),
            followed_at: time(lead.followed_at),
            next_follow_up_at: time(lead.next_at),
            created_at: time(Some(lead.created_at)),
            updated_at: time(Some(lead.updated_at)),
        }
    }
}
