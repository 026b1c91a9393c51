//! The key of the chain: made once, sealed, and kept at the head.

use crate::value::params;
use crate::{Command, Query, Read, StoreError, Transaction};

const ADD: &str = "INSERT INTO audit_head (id, n, hash, sealed_key, created_at) VALUES (1, 0, $1, $2, $3) \
    ON CONFLICT (id) DO NOTHING";

const FIND: &str = "SELECT sealed_key FROM audit_head WHERE id = 1";

const REPLACE: &str = "UPDATE audit_head SET sealed_key = $2 WHERE id = 1 AND sealed_key = $1";

/// Begins the chain with this key unless it has begun.
#[derive(Debug, Clone)]
pub struct EnsureAuditKey {
    /// A new key, sealed by the application.
    pub sealed: Vec<u8>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for EnsureAuditKey {
    const NAME: &'static str = "audit.ensure_key";
    /// The key that counts, sealed.
    type Output = Vec<u8>;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Vec<u8>, StoreError> {
        let beginning = super::AuditHash::beginning().bytes().to_vec();
        tx.execute(ADD, params![beginning, &self.sealed, self.now]).await?;
        tx.query_one(FIND, params![]).await?.bytes()
    }
}

/// The key that counts, as it stands there now.
#[derive(Debug, Clone, Copy)]
pub struct FindAuditKey;

impl Query for FindAuditKey {
    const NAME: &'static str = "audit.find_key";
    /// Sealed; nothing when the end of the chain is gone.
    type Output = Option<Vec<u8>>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Option<Vec<u8>>, StoreError> {
        db.query_opt(FIND, params![]).await?.map(|mut row| row.bytes()).transpose()
    }
}

/// Puts the same key under another master key.
#[derive(Debug, Clone)]
pub struct ReplaceAuditKey {
    /// How it was sealed.
    pub old: Vec<u8>,
    /// How it is sealed now.
    pub new: Vec<u8>,
}

impl Command for ReplaceAuditKey {
    const NAME: &'static str = "audit.replace_key";
    /// Whether it was; not when somebody else did meanwhile.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(REPLACE, params![&self.old, &self.new]).await? == 1)
    }
}
