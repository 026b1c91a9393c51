//! What happened to a lead.

use crate::value::params;
use crate::{StoreError, Transaction};

const ADD: &str = "INSERT INTO lead_history (id, lead_id, kind, actor_kind, actor_id, from_advisor, to_advisor, detail, \
    created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// Something that happened to a lead.
#[derive(Debug, Clone)]
pub struct NewLeadHistory {
    /// Its id.
    pub id: String,
    /// `assigned`, `claimed`, `released` or `changed`.
    pub kind: &'static str,
    /// Who did it: `staff`, `key` …
    pub actor_kind: &'static str,
    /// Our id of them.
    pub actor_id: String,
    /// Whose it was.
    pub from_advisor: Option<String>,
    /// Whose it is now.
    pub to_advisor: Option<String>,
    /// Which fields changed: a JSON object without anything personal.
    pub detail: String,
}

pub(super) async fn add<T: Transaction>(
    tx: &mut T,
    lead_id: &str,
    history: &NewLeadHistory,
    now: i64,
) -> Result<(), StoreError> {
    let NewLeadHistory { id, kind, actor_kind, actor_id, from_advisor, to_advisor, detail } = history;
    let row = params![id, lead_id, *kind, *actor_kind, actor_id, from_advisor, to_advisor, detail, now];
    tx.execute(ADD, row).await.map(drop)
}
