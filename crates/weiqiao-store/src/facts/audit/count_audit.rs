//! How long is the chain, and how does it end?

use super::AuditHash;
use crate::value::params;
use crate::{Query, Read, StoreError};

const HEAD: &str = "SELECT n, hash FROM audit_head WHERE id = 1";

/// The end of the chain: how many rows, and the hash of the last. `None`: it has not begun.
#[derive(Debug, Clone, Copy)]
pub struct CountAudit;

impl Query for CountAudit {
    const NAME: &'static str = "audit.count";
    type Output = Option<(i64, AuditHash)>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let head = db.query_opt(HEAD, params![]).await?;
        head.map(|mut row| Ok((row.integer()?, AuditHash::new(row.bytes()?)))).transpose()
    }
}
