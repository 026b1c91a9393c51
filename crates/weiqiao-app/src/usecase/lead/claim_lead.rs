//! An advisor takes a lead out of the public pool.

use serde_json::json;
use weiqiao_model::ApiScope;
use weiqiao_store::facts::lead::{ClaimLead, LeadClaimed, NewLeadHistory};

use super::open::{Lead, masked};
use super::{advisor, advisor_unknown, none, reads_notes};
use crate::App;
use crate::audit::Deed;
use crate::caller::Caller;
use crate::error::{AppError, ErrorKind, Result, code};
use crate::usecase::staff::Permission;

/// Takes a lead out of the public pool: the first one wins. Advisors claim for themselves; others name the advisor, or are one
/// themselves. To claim what one has already changes nothing.
///
/// # Errors
///
/// `Unauthorized`; `Forbidden` without the right, or for an advisor who names another one; `NotFound` for a lead that does not
/// exist, or was never in the pool and is somebody else's; `Conflict` with code `LEAD_TAKEN` when somebody was faster;
/// `Invalid` when no advisor is named, or one whom the lead's mini program does not know.
pub async fn claim_lead(app: &App, caller: &Caller, id: &str, advisor_id: Option<&str>) -> Result<Lead> {
    caller.demand(Permission::ManageLeads, ApiScope::Admin)?;
    let themselves = advisor(caller)?;
    let advisor_id = whose(caller, themselves, advisor_id)?;
    let detail = json!({"assigned_to": [null, advisor_id]});
    let mut audit = app.audit_entry(caller, Deed::LeadClaimed, "lead", id, &detail);
    (audit.before, audit.after) = (Some(app.audit_digest(&None::<&str>)), Some(app.audit_digest(&Some(&advisor_id))));
    let history = NewLeadHistory {
        id: app.new_id::<weiqiao_model::id::kind::Job>().into_string(),
        kind: "claimed",
        actor_kind: audit.actor_kind,
        actor_id: audit.actor_id.clone(),
        from_advisor: None,
        to_advisor: Some(advisor_id.clone()),
        detail: detail.to_string(),
    };
    match app.store().run(ClaimLead { id: id.to_owned(), advisor_id, history, audit, now: app.now_ms() }).await? {
        LeadClaimed::Claimed(lead) | LeadClaimed::Already(lead) => Ok(masked(app, *lead, reads_notes(caller))),
        LeadClaimed::Taken { by, was_in_pool } if was_in_pool || themselves.is_none() => {
            Err(AppError::new(ErrorKind::Conflict, code::LEAD_TAKEN, format!("这个客户线索已归顾问 {by}")))
        }
        LeadClaimed::Taken { .. } | LeadClaimed::Unknown => Err(none()),
        LeadClaimed::AdvisorUnknown => Err(advisor_unknown()),
    }
}

fn whose(caller: &Caller, themselves: Option<&str>, named: Option<&str>) -> Result<String> {
    if let Some(themselves) = themselves {
        if named.is_some_and(|named| named != themselves) {
            return Err(AppError::forbidden(code::FORBIDDEN, "顾问只能为自己领取"));
        }
        return Ok(themselves.to_owned());
    }
    let linked = match caller {
        Caller::Staff(staff) => staff.advisor_id.as_deref(),
        _ => None,
    };
    named.or(linked).map(str::to_owned).ok_or_else(|| {
        AppError::field("advisor_id", "required", "advisor_id 不能为空")
            .with_hint("这个账号不是顾问：请写明为哪位顾问领取，或者用 /assign 分配。")
    })
}
