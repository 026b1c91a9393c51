//! Somebody gives a lead to an advisor.

use weiqiao_model::ApiScope;

use super::alter::{Alteration, alter};
use super::open::Lead;
use crate::App;
use crate::audit::Deed;
use crate::caller::Caller;
use crate::error::Result;
use crate::usecase::staff::Permission;

/// Gives a lead to an advisor, whoever had it. `if_match` is the version it has to have.
///
/// # Errors
///
/// `Unauthorized`, `Forbidden`; `NotFound` for a lead that does not exist, `Invalid` for an advisor whom the lead's mini
/// program does not know, `Conflict` when somebody else changed it.
pub async fn assign_lead(
    app: &App,
    caller: &Caller,
    id: &str,
    advisor_id: &str,
    if_match: Option<i64>,
) -> Result<Lead> {
    caller.demand(Permission::AssignLeads, ApiScope::Admin)?;
    let alteration = Alteration { deed: Deed::LeadAssigned, kind: "assigned", if_match, known_advisor: true };
    alter(app, caller, id, alteration, |lead| lead.assigned_to = Some(advisor_id.to_owned())).await
}
