//! How a lead is changed: as it was seen, or not at all.

use serde_json::{Value, json};
use weiqiao_store::facts::lead::{ChangeLead, LeadChanged, LeadState, NewLeadHistory, StoredLead};

use super::open::{Lead, Plain, masked, plain, seal};
use super::{advisor_unknown, changed_meanwhile, find_own, own, reads_notes};
use crate::App;
use crate::audit::Deed;
use crate::caller::Caller;
use crate::error::{ErrorKind, Result};

/// Who is in the way all the time is told so after this many tries.
const TRIES: u32 = 16;

/// What is to be done with a lead.
pub(super) struct Alteration {
    /// What is noted in the chain.
    pub(super) deed: Deed,
    /// What is noted in the history: `assigned`, `released` or `changed`.
    pub(super) kind: &'static str,
    /// The version it has to have.
    pub(super) if_match: Option<i64>,
    /// Whether the advisor it is given to has to be known.
    pub(super) known_advisor: bool,
}

/// Changes a lead; `wanted` turns what it is into what it is to be. Nothing is written down where nothing changes.
pub(super) async fn alter(
    app: &App,
    caller: &Caller,
    id: &str,
    alteration: Alteration,
    wanted: impl Fn(&mut Plain) + Send,
) -> Result<Lead> {
    let mut had_it = false;
    for _ in 0..TRIES {
        let lead = match find_own(app, caller, id).await {
            // Theirs a moment ago, and somebody else's now.
            Err(error) if had_it && *error.kind() == ErrorKind::NotFound => return Err(changed_meanwhile()),
            found => found?,
        };
        had_it = true;
        if alteration.if_match.is_some_and(|version| version != lead.version) {
            return Err(changed_meanwhile());
        }
        let before = plain(app, &lead);
        let mut after = before.clone();
        wanted(&mut after);
        if before == after {
            return Ok(masked(app, lead, reads_notes(caller)));
        }
        match app.store().run(command(app, caller, lead, &alteration, &before, after)?).await? {
            LeadChanged::Changed(lead) => return Ok(masked(app, *lead, reads_notes(caller))),
            LeadChanged::AdvisorUnknown => return Err(advisor_unknown()),
            LeadChanged::Stale => {}
        }
    }
    Err(changed_meanwhile())
}

fn command(
    app: &App,
    caller: &Caller,
    lead: StoredLead,
    alteration: &Alteration,
    before: &Plain,
    after: Plain,
) -> Result<ChangeLead> {
    let detail = difference(before, &after);
    let mut audit = app.audit_entry(caller, alteration.deed, "lead", &lead.id, &detail);
    audit.before = Some(app.audit_digest(before));
    audit.after = Some(app.audit_digest(&after));
    let history = NewLeadHistory {
        id: app.new_id::<weiqiao_model::id::kind::Job>().into_string(),
        kind: alteration.kind,
        actor_kind: audit.actor_kind,
        actor_id: audit.actor_id.clone(),
        from_advisor: before.assigned_to.clone(),
        to_advisor: after.assigned_to.clone(),
        detail: detail.to_string(),
    };
    let name = after.name.as_deref().filter(|_| before.name != after.name).map(|text| seal(app, &lead, "name", text));
    let note = after.remarks.as_deref().filter(|_| before.remarks != after.remarks);
    let note = note.map(|text| seal(app, &lead, "note", text));
    let Plain { assigned_to, level, contract_status, .. } = after;
    Ok(ChangeLead {
        scope: own(caller)?,
        to: LeadState { assigned_to, level, contract_status, name, note },
        known_advisor: alteration.known_advisor,
        history,
        audit,
        now: app.now_ms(),
        seen: lead,
    })
}

/// Which fields change: from what to what, except where that would be about a person.
fn difference(before: &Plain, after: &Plain) -> Value {
    let mut fields = serde_json::Map::new();
    if before.assigned_to != after.assigned_to {
        fields.insert("assigned_to".into(), json!([before.assigned_to, after.assigned_to]));
    }
    if before.level != after.level {
        fields.insert("level".into(), json!([before.level, after.level]));
    }
    if before.contract_status != after.contract_status {
        fields.insert("contract_status".into(), json!([before.contract_status, after.contract_status]));
    }
    for (field, changed) in [("name", before.name != after.name), ("remarks", before.remarks != after.remarks)] {
        if changed {
            fields.insert(field.into(), json!(true));
        }
    }
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_of_a_change_names_nobody() {
        let before = Plain {
            assigned_to: Some("li".into()),
            level: "B类".into(),
            contract_status: "待定".into(),
            name: Some("王小明".into()),
            remarks: Some("13800138000".into()),
        };
        assert_eq!(difference(&before, &before), json!({}));
        let after = Plain {
            assigned_to: None,
            level: "A类".into(),
            contract_status: "已签约".into(),
            name: Some("王大明".into()),
            remarks: None,
        };
        let expected = json!({"assigned_to": ["li", null], "level": ["B类", "A类"], "contract_status": ["待定", "已签约"],
            "name": true, "remarks": true});
        assert_eq!(difference(&before, &after), expected);
    }
}
