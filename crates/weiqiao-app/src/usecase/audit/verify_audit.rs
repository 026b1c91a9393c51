//! Is the chain as it was written?

use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use weiqiao_store::facts::audit::{AuditBreak, AuditHash, AuditStretch, FindAuditKey, VerifyAudit};

use super::AuditAnchor;
use crate::App;
use crate::error::Result;

/// How many rows are checked at a time.
const STRETCH: u32 = 1_000;

/// How the chain was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// How many entries, from the first, are as they were written.
    pub entries: i64,
    /// The hash of the last of them, hex; compare it with an anchor in the log.
    pub hash: String,
    /// Where it stops being good.
    pub trouble: Option<AuditTrouble>,
}

/// What is wrong with the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// The key of the chain is not the one that this process began with: neither can entries be checked nor new ones trusted.
    KeyAltered,
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

impl AuditTrouble {
    /// Its word, the first entry it is about and the last one.
    #[must_use]
    pub const fn told(self) -> (&'static str, Option<i64>, Option<i64>) {
        match self {
            Self::Altered { n } => ("altered", Some(n), Some(n)),
            Self::Missing { from, to } => ("missing", Some(from), Some(to)),
            Self::Surplus { n } => ("surplus", Some(n), None),
            Self::HeadAltered => ("head_altered", None, None),
            Self::HeadMissing => ("head_missing", None, None),
            Self::KeyAltered => ("key_altered", None, None),
            Self::AnchorDiffers { n } => ("anchor_differs", Some(n), None),
        }
    }
}

impl Serialize for AuditTrouble {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, from, to) = self.told();
        let mut told = serializer.serialize_struct("AuditTrouble", 3)?;
        told.serialize_field("kind", kind)?;
        told.serialize_field("from", &from)?;
        told.serialize_field("to", &to)?;
        told.end()
    }
}

/// As the API and the command line tell it.
impl Serialize for AuditReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut told = serializer.serialize_struct("AuditReport", 4)?;
        told.serialize_field("good", &self.is_good())?;
        told.serialize_field("entries", &self.entries)?;
        told.serialize_field("hash", &self.hash)?;
        told.serialize_field("trouble", &self.trouble)?;
        told.end()
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
            let key = app.store().read(FindAuditKey).await?;
            let other_key = key.is_some_and(|sealed| !app.audit_book().is_of(app.vault(), &sealed));
            let trouble = other_key.then_some(AuditTrouble::KeyAltered).or(broken.map(trouble)).or(differs);
            if let Some(trouble) = trouble {
                tracing::error!(?trouble, good = n, "the audit chain is broken");
            }
            return Ok(AuditReport { entries: n, hash: hash.to_string(), trouble });
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_is_told_alike_everywhere() {
        let report = |trouble| AuditReport { entries: 4, hash: "ab".to_owned(), trouble };
        let good = json!({"good": true, "entries": 4, "hash": "ab", "trouble": null});
        assert_eq!(serde_json::to_value(report(None)).unwrap(), good);
        let altered = serde_json::to_value(report(Some(AuditTrouble::Altered { n: 5 }))).unwrap();
        assert_eq!(altered["trouble"], json!({"kind": "altered", "from": 5, "to": 5}));
        let gone = serde_json::to_value(report(Some(AuditTrouble::HeadMissing))).unwrap();
        assert_eq!((&gone["good"], &gone["trouble"]["from"]), (&json!(false), &json!(null)));
    }
}
