//! A deed is written down at the end of the chain.

use super::chain::hash;
use super::{AuditHash, NewAudit, StoredAudit};
use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// The head is locked until this transaction ends: entries come one after another.
const NEXT: &str = "UPDATE audit_head SET n = n + 1 WHERE id = 1 RETURNING n, hash";

const ADD: &str = "INSERT INTO audit (n, id, at, actor_kind, actor_id, deed, target_kind, target_id, request_id, detail, \
    before_digest, after_digest, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

const HEAD: &str = "UPDATE audit_head SET hash = $1 WHERE id = 1";

/// Writes a deed down in the transaction that does it. Call it last: from here on everybody else who writes to the chain
/// waits for this transaction.
///
/// # Errors
///
/// `Corrupt` when the chain has no head: [`EnsureAuditKey`](super::EnsureAuditKey) did not run, or somebody deleted it.
pub async fn append<T: Transaction>(tx: &mut T, entry: &NewAudit) -> Result<(), StoreError> {
    let head = tx.query_opt(NEXT, params![]).await?;
    let mut head = head.ok_or_else(|| StoreError::corrupt("the audit chain has no head"))?;
    let (n, before) = (head.integer()?, AuditHash::new(head.bytes()?));
    let mut row = StoredAudit {
        n,
        id: entry.id.clone(),
        at: entry.at,
        actor_kind: entry.actor_kind.to_owned(),
        actor_id: entry.actor_id.clone(),
        deed: entry.deed.to_owned(),
        target_kind: entry.target_kind.to_owned(),
        target_id: entry.target_id.clone(),
        request_id: entry.request_id.clone(),
        detail: entry.detail.clone(),
        before: entry.before.clone(),
        after: entry.after.clone(),
        hash: AuditHash::beginning(),
    };
    row.hash = hash(&entry.chain_key, &before, &row);
    let hash = row.hash.bytes().to_vec();
    let values = params![
        row.n,
        row.id,
        row.at,
        row.actor_kind,
        row.actor_id,
        row.deed,
        row.target_kind,
        row.target_id,
        row.request_id,
        row.detail,
        row.before,
        row.after,
        &hash,
    ];
    tx.batch(vec![(ADD, values), (HEAD, params![hash])]).await?;
    Ok(())
}

/// Writes down a deed that changes nothing else.
#[derive(Debug, Clone)]
pub struct RecordAudit(pub NewAudit);

impl Command for RecordAudit {
    const NAME: &'static str = "audit.record";
    type Output = ();

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
        append(tx, &self.0).await
    }
}
