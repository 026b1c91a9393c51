//! Staff say more about a lead.

use std::fmt;

use weiqiao_model::ApiScope;

use super::alter::{Alteration, alter};
use super::open::Lead;
use super::words::{CONTRACT_STATUSES, LEVELS, one_of};
use crate::App;
use crate::audit::Deed;
use crate::caller::Caller;
use crate::error::{AppError, Result};
use crate::usecase::staff::Permission;
use crate::usecase::text::fit;

/// What is to be changed; what is nothing stays.
#[derive(Clone, Default)]
pub struct LeadPatch {
    /// How promising it is: one of [`LEVELS`].
    pub level: Option<String>,
    /// How far the contract is: one of [`CONTRACT_STATUSES`].
    pub contract_status: Option<String>,
    /// The name, 1 to 64 characters.
    pub name: Option<String>,
    /// What staff note, at most 2,000 characters; may be empty.
    pub remarks: Option<String>,
    /// The version it has to have.
    pub if_match: Option<i64>,
}

impl fmt::Debug for LeadPatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeadPatch").field("level", &self.level).finish_non_exhaustive()
    }
}

/// Changes a lead.
///
/// # Errors
///
/// `Unauthorized`; `Forbidden` without the right, and for an advisor when the lead is in the pool; `NotFound` for a lead that
/// does not exist for the caller; `Invalid` naming the field; `Conflict` when somebody else changed it.
pub async fn change_lead(app: &App, caller: &Caller, id: &str, patch: LeadPatch) -> Result<Lead> {
    caller.demand(Permission::ManageLeads, ApiScope::Admin)?;
    let level = patch.level.as_deref().map(|word| one_of("level", word, &LEVELS)).transpose()?;
    let status = patch.contract_status.as_deref();
    let status = status.map(|word| one_of("contract_status", word, &CONTRACT_STATUSES)).transpose()?;
    let name = patch.name.as_deref().map(|text| fit("name", text, 1..=64, false)).transpose()?;
    let remarks = patch.remarks.as_deref().map(|text| fit("remarks", text, 0..=2_000, true)).transpose()?;
    if level.is_none() && status.is_none() && name.is_none() && remarks.is_none() {
        let fields = "level、contract_status、name、remarks";
        return Err(AppError::field("level", "required", format!("{fields} 至少要有一个")));
    }
    let alteration =
        Alteration { deed: Deed::LeadChanged, kind: "changed", if_match: patch.if_match, known_advisor: false };
    alter(app, caller, id, alteration, |lead| {
        if let Some(level) = level {
            level.clone_into(&mut lead.level);
        }
        if let Some(status) = status {
            status.clone_into(&mut lead.contract_status);
        }
        if let Some(name) = name {
            lead.name = Some(name.to_owned());
        }
        if let Some(remarks) = remarks {
            lead.remarks = Some(remarks.to_owned());
        }
    })
    .await
}
