//! A lead goes back to the public pool.

use weiqiao_model::ApiScope;

use super::alter::{Alteration, alter};
use super::open::{Lead, masked};
use super::{find, reads_notes};
use crate::App;
use crate::audit::Deed;
use crate::caller::Caller;
use crate::error::Result;
use crate::usecase::staff::Permission;

/// Gives a lead back; one that is in the pool already stays there. `if_match` is the version it has to have.
///
/// # Errors
///
/// `Unauthorized`, `Forbidden`; `NotFound` for a lead that does not exist for the caller, `Conflict` when somebody else changed
/// it.
pub async fn release_lead(app: &App, caller: &Caller, id: &str, if_match: Option<i64>) -> Result<Lead> {
    caller.demand(Permission::ManageLeads, ApiScope::Admin)?;
    let lead = find(app, caller, id).await?;
    if lead.assigned_to.is_none() && if_match.is_none() {
        return Ok(masked(app, lead, reads_notes(caller)));
    }
    let alteration = Alteration { deed: Deed::LeadReleased, kind: "released", if_match, known_advisor: false };
    alter(app, caller, id, alteration, |lead| lead.assigned_to = None).await
}
