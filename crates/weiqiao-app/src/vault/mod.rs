//! Encryption at rest and blind indexes, all from one master key.
//!
//! From `SESSION_SECRET` HKDF-SHA-256 derives one key per purpose, so no two purposes share one. Values are sealed with
//! XChaCha20-Poly1305 and a random nonce of 192 bits. The *place* of a value (table, column, row, appid) and the id of
//! the key are authenticated with it: a ciphertext moved to another row, column or account does not open.
//!
//! Several master keys can be known: the current one seals, all of them open ([`Vault::needs_resealing`] tells which
//! rows still use an old one). A check value is stored on first start, and one for every later current key; with a key that
//! opens none of them the service refuses to start instead of writing rows nobody can read together. With several instances
//! rotate in two steps: first list the new key as a previous one everywhere, then make it the current one.
//!
//! A sealed value is `1 ‖ key id (4) ‖ nonce (24) ‖ ciphertext ‖ tag (16)`.
//!
//! What it does not know: where rows are stored, what is secret. To add a purpose: one label in the list `label` below.

mod check;
mod keys;
mod seal;

use std::sync::Arc;

use weiqiao_model::Rng;
use zeroize::Zeroizing;

pub use check::VaultCheckError;
pub use seal::{OpenError, Place};

use crate::settings::{SecretSettings, SettingError, SettingSecret};
use keys::MasterKey;

/// The labels of HKDF: one per purpose, never reused, never renamed.
mod label {
    pub(super) const KEY_ID: &[u8] = b"weiqiao v1 key id";
    pub(super) const AT_REST: &[u8] = b"weiqiao v1 at rest";
    pub(super) const BLIND_INDEX: &[u8] = b"weiqiao v1 blind index";
    pub(super) const COORDINATION: &[u8] = b"weiqiao v1 coordination";
}

/// The shortest master key that is accepted, in bytes.
pub const MIN_MASTER_BYTES: usize = 32;

/// Seals, opens and indexes. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    ring: Arc<Ring>,
}

struct Ring {
    current: MasterKey,
    previous: Vec<MasterKey>,
    rng: Arc<dyn Rng>,
}

impl Vault {
    /// Derives every key.
    ///
    /// # Errors
    ///
    /// A master key that is shorter than [`MIN_MASTER_BYTES`]; the key itself is never named.
    pub fn new(settings: &SecretSettings, rng: Arc<dyn Rng>) -> Result<Self, SettingError> {
        let current = derive("SESSION_SECRET", &settings.master)?;
        let previous = settings
            .master_previous
            .iter()
            .map(|secret| derive("SESSION_SECRET_PREVIOUS", secret))
            .collect::<Result<_, _>>()?;
        Ok(Self { ring: Arc::new(Ring { current, previous, rng }) })
    }

    /// The secret with which coordination keys are hashed; the same on all instances.
    #[must_use]
    pub fn coordination_secret(settings: &SecretSettings) -> Zeroizing<[u8; 32]> {
        MasterKey::derive_one(settings.master.expose().as_bytes(), label::COORDINATION)
    }

    /// A stable fingerprint for looking something up without storing it: hex of an HMAC-SHA-256 under a key of its own.
    ///
    /// `purpose` separates name spaces: the same value under two purposes gives unrelated fingerprints. It depends on
    /// the current master key, so use it for what is short-lived or re-indexed on rotation.
    #[must_use]
    pub fn fingerprint(&self, purpose: &str, parts: &[&str]) -> String {
        self.ring.current.fingerprint(purpose, parts)
    }

    /// [`Vault::fingerprint`] with every master key that is known, the current one first: for finding what was indexed
    /// before a rotation.
    #[must_use]
    pub fn fingerprints(&self, purpose: &str, parts: &[&str]) -> Vec<String> {
        let ring = &self.ring;
        std::iter::once(&ring.current).chain(&ring.previous).map(|key| key.fingerprint(purpose, parts)).collect()
    }
}

fn derive(key: &'static str, secret: &SettingSecret) -> Result<MasterKey, SettingError> {
    if secret.expose().len() < MIN_MASTER_BYTES {
        return Err(SettingError::new(key, format!("must have at least {MIN_MASTER_BYTES} characters")));
    }
    Ok(MasterKey::derive(secret.expose().as_bytes()))
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[vault]")
    }
}
