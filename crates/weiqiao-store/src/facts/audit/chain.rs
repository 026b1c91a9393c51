//! The hash of one row: HMAC-SHA-256 over the hash before it and every column, each with its length in front.

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::StoredAudit;

/// The key of the chain, 32 bytes: without it nobody can make rows that fit. Its `Debug` shows nothing.
#[derive(Clone)]
pub struct ChainKey(Arc<[u8; 32]>);

impl ChainKey {
    /// Takes the key.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(Arc::new(key))
    }
}

impl fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The hash of a row.
#[derive(Clone, PartialEq, Eq)]
pub struct AuditHash(Vec<u8>);

impl AuditHash {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// What comes before the first row.
    pub(super) fn beginning() -> Self {
        Self(vec![0; 32])
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for AuditHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for AuditHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The hash this row has to have when the row before it has the hash `before`.
pub(super) fn hash(key: &ChainKey, before: &AuditHash, row: &StoredAudit) -> AuditHash {
    let (n, at) = (row.n.to_be_bytes(), row.at.to_be_bytes());
    let parts: [Option<&[u8]>; 13] = [
        Some(before.bytes()),
        Some(&n),
        Some(row.id.as_bytes()),
        Some(&at),
        Some(row.actor_kind.as_bytes()),
        Some(row.actor_id.as_bytes()),
        Some(row.deed.as_bytes()),
        Some(row.target_kind.as_bytes()),
        Some(row.target_id.as_bytes()),
        row.request_id.as_deref().map(str::as_bytes),
        Some(&row.detail),
        row.before.as_deref().map(str::as_bytes),
        row.after.as_deref().map(str::as_bytes),
    ];
    // HMAC takes a key of any length, so the fallback is never reached; it only keeps this function total.
    let mut mac = Hmac::<Sha256>::new_from_slice(&*key.0).unwrap_or_else(|_| Hmac::new(&Default::default()));
    for part in parts {
        match part {
            Some(part) => {
                mac.update(&(part.len() as u64).to_be_bytes());
                mac.update(part);
            }
            None => mac.update(&u64::MAX.to_be_bytes()),
        }
    }
    AuditHash(mac.finalize().into_bytes().to_vec())
}
