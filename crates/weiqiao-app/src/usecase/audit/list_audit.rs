//! Who did what?

use serde::Serialize;
use serde_json::Value;
use weiqiao_store::facts::audit::{ListAudit, StoredAudit};

use crate::App;
use crate::error::Result;
use crate::vault::{Damaged, Place};

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Only this deed.
    pub deed: Option<String>,
    /// Only by this sort of actor.
    pub actor_kind: Option<String>,
    /// Only by this one.
    pub actor_id: Option<String>,
    /// Only to this sort of thing.
    pub target_kind: Option<String>,
    /// Only to this one.
    pub target_id: Option<String>,
    /// Only what this request did.
    pub request_id: Option<String>,
    /// Only then or later, epoch seconds.
    pub since: Option<i64>,
    /// Only before, epoch seconds.
    pub until: Option<i64>,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// One deed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditEntry {
    /// Its place in the chain.
    pub n: i64,
    /// When, epoch seconds.
    pub at: i64,
    /// Who: `staff`, `key`, `user`, `anonymous`, `system` or `cli`.
    pub actor_kind: String,
    /// Our id of them; may be empty.
    pub actor_id: String,
    /// What.
    pub deed: String,
    /// To what sort of thing.
    pub target_kind: String,
    /// Our id of it; may be empty.
    pub target_id: String,
    /// The request it was done in.
    pub request_id: Option<String>,
    /// What else is known; nothing when it was altered since.
    pub detail: Option<Value>,
    /// A digest of the target before.
    pub before: Option<String>,
    /// A digest of the target afterwards.
    pub after: Option<String>,
    /// The hash of this entry, hex.
    pub hash: String,
    /// What of it cannot be read: then the chain does not hold either.
    #[serde(skip_serializing_if = "Damaged::is_empty")]
    pub damaged: Damaged,
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditList {
    /// The newest first.
    pub items: Vec<AuditEntry>,
    /// How many there are on all pages.
    pub total: u64,
}

/// Lists the chain, the newest first. Whoever calls this has checked that it may be done.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn list_audit(app: &App, filter: AuditFilter) -> Result<AuditList> {
    let ms = |seconds: i64| seconds.saturating_mul(1000);
    let list = ListAudit {
        deed: filter.deed,
        actor_kind: filter.actor_kind,
        actor_id: filter.actor_id,
        target_kind: filter.target_kind,
        target_id: filter.target_id,
        request_id: filter.request_id,
        since: filter.since.map(ms),
        until: filter.until.map(ms),
        page: filter.page,
        page_size: filter.page_size,
    };
    let found = app.store().read(list).await?;
    Ok(AuditList { items: found.items.into_iter().map(|row| entry(app, row)).collect(), total: found.total })
}

fn entry(app: &App, row: StoredAudit) -> AuditEntry {
    let mut sealed = app.vault().row(&row.id);
    let opened = app.audit_book().open_detail(&row.id, &row.detail).ok_or("run `weiqiao admin audit verify`");
    let detail = sealed.keep(&["detail"], Place::new("audit", "detail", &row.id, ""), opened);
    let damaged = sealed.damaged();
    AuditEntry {
        n: row.n,
        at: row.at.div_euclid(1000),
        actor_kind: row.actor_kind,
        actor_id: row.actor_id,
        deed: row.deed,
        target_kind: row.target_kind,
        target_id: row.target_id,
        request_id: row.request_id,
        detail,
        before: row.before,
        after: row.after,
        hash: row.hash.to_string(),
        damaged,
    }
}
