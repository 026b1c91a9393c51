//! What is known about a lead?

use weiqiao_model::ApiScope;

use super::follow_up::{self, FollowUp};
use super::open::{Lead, masked};
use super::timeline::{self, TimelineItem};
use super::{advisor, find, reads_notes};
use crate::App;
use crate::caller::Caller;
use crate::error::Result;
use crate::usecase::staff::Permission;

/// How much of the timeline comes with a lead, and how many follow-ups.
const FIRST: u32 = 50;

/// A lead with what happened around it.
#[derive(Debug, Clone)]
pub struct LeadDetail {
    /// The lead, masked.
    pub lead: Lead,
    /// What happened, the newest first, and how much that is in all; nothing: not for the caller before they claimed it.
    pub timeline: Option<(Vec<TimelineItem>, u64)>,
    /// The follow-ups, the newest first, and how many there are; nothing as above.
    pub follow_ups: Option<(Vec<FollowUp>, u64)>,
}

/// A lead with the newest of what happened around it. Of a lead in the pool an advisor sees no more than the list shows.
///
/// # Errors
///
/// `Unauthorized`, `Forbidden`; `NotFound` for a lead that does not exist for the caller.
pub async fn read_lead(app: &App, caller: &Caller, id: &str) -> Result<LeadDetail> {
    caller.demand(Permission::ReadLeads, ApiScope::Admin)?;
    let lead = find(app, caller, id).await?;
    let hidden = lead.assigned_to.is_none() && advisor(caller)?.is_some();
    let (timeline, follow_ups) = if hidden {
        (None, None)
    } else {
        let timeline = timeline::page_of(app, caller, lead.id.clone(), 1, FIRST).await?;
        (Some(timeline), Some(follow_up::page_of(app, caller, lead.id.clone(), 1, FIRST).await?))
    };
    // What staff wrote is not for those who have not claimed it.
    let notes = reads_notes(caller) && !hidden;
    Ok(LeadDetail { lead: masked(app, lead, notes), timeline, follow_ups })
}
