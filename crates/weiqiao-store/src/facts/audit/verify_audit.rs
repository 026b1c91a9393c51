//! Is the chain as it was written? One stretch of it at a time.

use super::chain::hash;
use super::{AuditHash, ChainKey, StoredAudit, columns};
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

const STRETCH: &str = concat!("SELECT ", columns!(), " FROM audit WHERE n > $1 ORDER BY n LIMIT $2");

const HEAD: &str = "SELECT n, hash FROM audit_head WHERE id = 1";

/// The most rows of one stretch.
const MOST: u32 = 5_000;

/// Checks the rows after `after`.
#[derive(Debug, Clone)]
pub struct VerifyAudit {
    /// The place and hash up to which the chain is known to be good; `None`: its beginning.
    pub after: Option<(i64, AuditHash)>,
    /// How many rows to check at most; no more than 5,000.
    pub limit: u32,
    /// The key of the chain.
    pub key: ChainKey,
}

/// How one stretch of the chain was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditStretch {
    /// The last good row and its hash; `(0, …)` when there is none.
    pub good: (i64, AuditHash),
    /// The rows of this stretch that are good, for checking what they hold.
    pub rows: Vec<StoredAudit>,
    /// Where it stops being good.
    pub broken: Option<AuditBreak>,
    /// Whether this is the end of the chain.
    pub end: bool,
}

/// What is wrong with the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditBreak {
    /// This row was changed, or written by somebody without the key, or the row before it was.
    Altered(i64),
    /// The rows from the first to the last of these places are gone.
    Missing(i64, i64),
    /// There are rows behind the end of the chain.
    Surplus(i64),
    /// The end of the chain does not have the hash of the last row.
    HeadAltered,
    /// The end of the chain is gone.
    HeadMissing,
}

impl Query for VerifyAudit {
    const NAME: &'static str = "audit.verify";
    const SHAPE: Shape = Shape::Scan;
    type Output = AuditStretch;

    async fn run<R: Read>(&self, db: &mut R) -> Result<AuditStretch, StoreError> {
        // From the beginning rows below the first place are looked at too: there must be none.
        let from = self.after.as_ref().map_or(i64::MIN, |(n, _)| *n);
        let (mut n, mut before) = self.after.clone().unwrap_or_else(|| (0, AuditHash::beginning()));
        let limit = self.limit.clamp(1, MOST);
        let found = db.query(STRETCH, params![from, i64::from(limit)]).await?;
        let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
        let mut rows = Vec::with_capacity(found.len());
        let mut broken = None;
        for row in found {
            // A column that holds what it never could was changed by somebody.
            let Ok(row) = StoredAudit::read(row) else {
                broken = Some(AuditBreak::Altered(n + 1));
                break;
            };
            if row.n > n + 1 {
                broken = Some(AuditBreak::Missing(n + 1, row.n - 1));
                break;
            }
            if row.n <= n || hash(&self.key, &before, &row) != row.hash {
                broken = Some(AuditBreak::Altered(row.n));
                break;
            }
            (n, before) = (row.n, row.hash.clone());
            rows.push(row);
        }
        let end = broken.is_none() && !full;
        if end {
            broken = match db.query_opt(HEAD, params![]).await? {
                None => Some(AuditBreak::HeadMissing),
                Some(mut head) => match (head.integer()?, AuditHash::new(head.bytes()?)) {
                    (last, _) if last > n => Some(AuditBreak::Missing(n + 1, last)),
                    (last, _) if last < n => Some(AuditBreak::Surplus(last + 1)),
                    (_, hash) if hash != before => Some(AuditBreak::HeadAltered),
                    _ => None,
                },
            };
        }
        Ok(AuditStretch { good: (n, before), rows, broken, end })
    }
}
