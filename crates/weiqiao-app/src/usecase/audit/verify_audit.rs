//! Is the chain as it was written?

use serde::Serialize;
use weiqiao_store::facts::audit::{AuditBreak, AuditHash, AuditStretch, VerifyAudit};

use super::AuditAnchor;
use crate::App;
use crate::error::Result;

/// How many rows are checked at a time.
const STRETCH: u32 = 1_000;

/// How the chain was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// How many entries, from the first, are as they were written.
    pub good: i64,
    /// The hash of the last of them, hex; compare it with an anchor in the log.
    pub hash: String,
    /// Where it stops being good.
    pub trouble: Option<AuditTrouble>,
}

/// What is wrong with the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AuditTrouble {
    /// This entry was changed, or written by somebody without the key.
    Altered {
        /// Which.
        n: i64,
    },
    /// Entries are gone.
    Missing {
        /// The first of them.
        from: i64,
        /// The last of them.
        to: i64,
    },
    /// There are entries behind the end of the chain.
    Surplus {
        /// The first of them.
        n: i64,
    },
    /// The end of the chain was changed.
    HeadAltered,
    /// The end of the chain is gone.
    HeadMissing,
    /// The chain is whole, but not the one the anchor was taken of: it was cut off or written anew.
    AnchorDiffers {
        /// The place of the anchor.
        n: i64,
    },
}

impl AuditReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.trouble.is_none()
    }
}

/// Walks the chain from its beginning, in portions, and says where it stops being good. With an anchor from the log it
/// also finds out whether the end was cut off or everything was written anew.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn verify_audit(app: &App, known: Option<&AuditAnchor>) -> Result<AuditReport> {
    let mut after: Option<(i64, AuditHash)> = None;
    let mut differs = known.map(|known| AuditTrouble::AnchorDiffers { n: known.n });
    loop {
        let verify = VerifyAudit { after, limit: STRETCH, key: app.audit_book().key() };
        let AuditStretch { good: (n, hash), rows, broken, end } = app.store().read(verify).await?;
        if known.is_some_and(|known| {
            known.n == 0 || rows.iter().any(|row| row.n == known.n && row.hash.to_string() == known.hash)
        }) {
            differs = None;
        }
        if broken.is_some() || end {
            let trouble = broken.map(trouble).or(differs);
            if let Some(trouble) = trouble {
                tracing::error!(?trouble, good = n, "the audit chain is broken");
            }
            return Ok(AuditReport { good: n, hash: hash.to_string(), trouble });
        }
        after = Some((n, hash));
    }
}

fn trouble(found: AuditBreak) -> AuditTrouble {
    match found {
        AuditBreak::Altered(n) => AuditTrouble::Altered { n },
        AuditBreak::Missing(from, to) => AuditTrouble::Missing { from, to },
        AuditBreak::Surplus(n) => AuditTrouble::Surplus { n },
        AuditBreak::HeadAltered => AuditTrouble::HeadAltered,
        AuditBreak::HeadMissing => AuditTrouble::HeadMissing,
    }
}
