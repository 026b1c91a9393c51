//! Leads in the hands of staff: who sees which, who has which, what was agreed with the customer.
//!
//! Who asks decides what exists. Admins, supervisors, viewers and API keys see every lead. An **advisor** is a member of
//! staff with the role `advisor` and the id of an advisor (`advisor_id` of the staff row): they see their own leads and those
//! of the public pool, and change only their own; any other lead does not exist for them.
//!
//! Phones and names are masked everywhere but in [`reveal_lead`] and in an export that was asked to show them, both rights of
//! their own. Every change is one commit with its history and its entry in the audit chain.

mod actor;
mod alter;
mod assign_lead;
mod change_lead;
mod claim_lead;
mod export_leads;
mod follow_up;
mod list_leads;
mod open;
mod read_lead;
mod release_lead;
mod reveal_lead;
mod timeline;
mod words;

use std::sync::Arc;

use weiqiao_model::Role;
use weiqiao_store::facts::lead::{FindLead, LeadScope, StoredLead};

pub use actor::LeadActor;
pub use assign_lead::assign_lead;
pub use change_lead::{LeadPatch, change_lead};
pub use claim_lead::claim_lead;
pub use export_leads::{ExportedLead, LeadExport, begin_export};
pub use follow_up::{FollowUp, FollowUpInput, add_follow_up, list_follow_ups};
pub use list_leads::{LeadFilter, LeadList, list_leads};
pub use open::Lead;
pub(crate) use open::LeadFields;
pub use read_lead::{LeadDetail, read_lead};
pub use release_lead::release_lead;
pub use reveal_lead::{RevealedLead, reveal_lead};
pub use timeline::{TimelineItem, TimelineKind, read_timeline};
pub use weiqiao_store::facts::lead::LeadSort;
pub use words::{CONTRACT_STATUSES, FOLLOW_UP_KINDS, LEVELS};

use crate::App;
use crate::caller::Caller;
use crate::error::{AppError, ErrorKind, Result, code};
use crate::usecase::staff::{Permission, StaffContext};

/// The advisor who asks; nothing: somebody who sees every lead.
fn advisor(caller: &Caller) -> Result<Option<&str>> {
    let Caller::Staff(staff) = caller else { return Ok(None) };
    if staff.role != Role::Advisor {
        return Ok(None);
    }
    linked(staff).map(Some)
}

fn linked(staff: &Arc<StaffContext>) -> Result<&str> {
    staff.advisor_id.as_deref().ok_or_else(|| {
        AppError::forbidden(code::NOT_AN_ADVISOR, "这个顾问账号还没有填写 advisor_id（顾问编号），请联系管理员填写")
            .with_hint("管理员：PATCH /api/admin/staff/{id}，advisor_id 填小程序里使用的顾问编号，几秒后生效。")
    })
}

/// Which leads exist for somebody.
fn seen(caller: &Caller) -> Result<LeadScope> {
    Ok(advisor(caller)?.map_or(LeadScope::All, |advisor| LeadScope::OwnOrPool(advisor.to_owned())))
}

/// Which leads somebody may change.
fn own(caller: &Caller) -> Result<LeadScope> {
    Ok(advisor(caller)?.map_or(LeadScope::All, |advisor| LeadScope::Own(advisor.to_owned())))
}

/// Whether somebody may read what staff wrote about customers.
fn reads_notes(caller: &Caller) -> bool {
    match caller {
        Caller::Staff(staff) => staff.may(Permission::ManageLeads),
        _ => true,
    }
}

/// The lead, if it exists for whoever asks.
async fn find(app: &App, caller: &Caller, id: &str) -> Result<StoredLead> {
    let find = FindLead { id: id.to_owned(), scope: seen(caller)? };
    app.store().read(find).await?.ok_or_else(none)
}

/// The lead, if whoever asks may work with it: advisors have to claim one of the pool first.
async fn find_own(app: &App, caller: &Caller, id: &str) -> Result<StoredLead> {
    let lead = find(app, caller, id).await?;
    if lead.assigned_to.is_none() && advisor(caller)?.is_some() {
        return Err(AppError::forbidden(code::LEAD_IN_POOL, "公海中的线索要先领取")
            .with_hint("请先调用 POST /api/admin/leads/{id}/claim 领取。"));
    }
    Ok(lead)
}

fn none() -> AppError {
    AppError::not_found(code::NOT_FOUND, "没有这个客户线索")
}

fn changed_meanwhile() -> AppError {
    AppError::new(ErrorKind::Conflict, code::CHANGED_MEANWHILE, "这个客户线索已被其他人修改")
        .with_hint("请重新读取后再改，或者去掉 if_match。")
}

/// Nobody knows the advisor a lead is to be given to.
fn advisor_unknown() -> AppError {
    AppError::field("advisor_id", "known", "没有这个顾问")
        .with_hint("请先在 /api/admin/advisors 里为线索所属的小程序登记这个顾问。")
}
