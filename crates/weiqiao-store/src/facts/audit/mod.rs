//! Who did what: one row per deed, each with a hash over itself and the row before it.
//!
//! [`append`] is called inside the command that does the deed, **as its last step**, so that deed and entry are one commit
//! and the end of the chain is the last row anybody waits for. [`Audited`] does that for a command that knows nothing of
//! it. Rows are never changed and never deleted; [`VerifyAudit`] finds out when somebody did.

mod append;
mod audited;
mod chain;
mod count_audit;
mod ensure_audit_key;
mod list_audit;
mod verify_audit;

pub use append::{RecordAudit, append};
pub use audited::Audited;
pub use chain::{AuditHash, ChainKey};
pub use count_audit::CountAudit;
pub use ensure_audit_key::{EnsureAuditKey, FindAuditKey, ReplaceAuditKey};
pub use list_audit::{AuditPage, ListAudit};
pub use verify_audit::{AuditBreak, AuditStretch, VerifyAudit};

use crate::{Row, StoreError};

/// One deed that is to be written down.
#[derive(Debug, Clone)]
pub struct NewAudit {
    /// Its id; what the sealed detail is bound to.
    pub id: String,
    /// When, epoch milliseconds.
    pub at: i64,
    /// Who: `staff`, `key`, `user`, `anonymous`, `system` or `cli`.
    pub actor_kind: &'static str,
    /// Our id of them; may be empty.
    pub actor_id: String,
    /// What, one word of the application's catalogue.
    pub deed: &'static str,
    /// To what sort of thing.
    pub target_kind: &'static str,
    /// Our id of it; may be empty.
    pub target_id: String,
    /// The request it was done in.
    pub request_id: Option<String>,
    /// What else is worth knowing: JSON, sealed by the application.
    pub detail: Vec<u8>,
    /// A keyed digest of the target before, hex.
    pub before: Option<String>,
    /// A keyed digest of the target afterwards, hex.
    pub after: Option<String>,
    /// The key of the chain.
    pub chain_key: ChainKey,
}

/// One row of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAudit {
    /// Its place in the chain, from 1 without gaps.
    pub n: i64,
    /// Its id; what the sealed detail is bound to.
    pub id: String,
    /// When, epoch milliseconds.
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
    /// Sealed.
    pub detail: Vec<u8>,
    /// A keyed digest of the target before, hex.
    pub before: Option<String>,
    /// A keyed digest of the target afterwards, hex.
    pub after: Option<String>,
    /// The hash over all of this and the hash of the row before.
    pub hash: AuditHash,
}

/// The columns [`StoredAudit::read`] reads, in its order.
macro_rules! columns {
    () => {
        "n, id, at, actor_kind, actor_id, deed, target_kind, target_id, request_id, detail, before_digest, after_digest, \
         hash"
    };
}
use columns;

impl StoredAudit {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            n: row.integer()?,
            id: row.text()?,
            at: row.integer()?,
            actor_kind: row.text()?,
            actor_id: row.text()?,
            deed: row.text()?,
            target_kind: row.text()?,
            target_id: row.text()?,
            request_id: row.opt_text()?,
            detail: row.bytes()?,
            before: row.opt_text()?,
            after: row.opt_text()?,
            hash: AuditHash::new(row.bytes()?),
        })
    }
}
