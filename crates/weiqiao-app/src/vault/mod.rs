//! Encryption at rest and blind indexes.
//!
//! Two levels of keys. *Data keys* are random, live in the database wrapped by the *master key* (`SESSION_SECRET`), and
//! seal everything else; so is the key of the blind indexes. That makes two rotations, and neither stops the service:
//!
//! - `weiqiao keys rotate` adds a data key. It becomes the current one a moment later ([`ACTIVATION_MS`]), when every
//!   instance has learned it ([`REFRESH_EVERY`](crate::usecase::encryption::REFRESH_EVERY)). The current key seals, all of
//!   them open; `usecase::encryption` seals the rows of earlier ones anew.
//! - A new `SESSION_SECRET` (the old one as `SESSION_SECRET_PREVIOUS`) wraps the same data keys anew; no row changes.
//!
//! The key of the blind indexes never rotates: an index that changed would have to change in all rows at once, and two
//! instances that disagree about it would let one phone number become two leads. It tells who is who, not what they said.
//!
//! Values are sealed with XChaCha20-Poly1305 and a random nonce of 192 bits. The *place* of a value (table, column, row,
//! appid) and the id of the key are authenticated with it: a ciphertext moved to another row, column or account does not
//! open. A sealed value is `1 ‖ key id (4) ‖ nonce (24) ‖ ciphertext ‖ tag (16)`.
//!
//! A master key that unwraps nothing refuses the start ([`VaultError`]), instead of writing rows nobody can read together.
//!
//! What it does not know: where rows are stored, what is secret. To add a purpose: one label in the list `label` below.

pub(crate) mod cipher;
mod keys;
mod place;
mod ring;
mod row;
mod seal;

use std::sync::{Arc, PoisonError, RwLock};

use weiqiao_model::{Rng, random_bytes};
use zeroize::Zeroizing;

pub use place::Place;
pub use ring::{DataKeyState, KeyRecord, VaultError};
pub use row::Damaged;
pub(crate) use row::SealedRow;
pub use seal::OpenError;

use crate::settings::{SecretSettings, SettingError, SettingSecret};
use keys::Key;
use ring::Ring;

/// The labels of HKDF: one per purpose, never reused, never renamed.
mod label {
    pub(super) const KEY_ID: &[u8] = b"weiqiao v1 key id";
    pub(super) const AT_REST: &[u8] = b"weiqiao v1 at rest";
    pub(super) const WRAP: &[u8] = b"weiqiao v1 key wrap";
    pub(super) const BLIND_INDEX: &[u8] = b"weiqiao v1 blind index";
    pub(super) const COORDINATION: &[u8] = b"weiqiao v1 coordination";
}

/// The shortest master key that is accepted, in bytes.
pub const MIN_MASTER_BYTES: usize = 32;

/// How long after its making a data key becomes the current one, milliseconds. Every instance asks for new keys several
/// times in between, so nobody meets a value sealed with a key they have never heard of.
pub const ACTIVATION_MS: i64 = 60_000;

/// Seals, opens and indexes. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

struct Inner {
    /// The configured master keys, the current one first.
    masters: Vec<Key>,
    ring: RwLock<Arc<Ring>>,
    rng: Arc<dyn Rng>,
}

impl Vault {
    /// A vault with data keys of its own; [`Vault::adopt`] gives it those of a database.
    ///
    /// # Errors
    ///
    /// A master key that is shorter than [`MIN_MASTER_BYTES`]; the key itself is never named.
    pub fn new(settings: &SecretSettings, rng: Arc<dyn Rng>) -> Result<Self, SettingError> {
        let mut masters = vec![master("SESSION_SECRET", &settings.master)?];
        for secret in &settings.master_previous {
            masters.push(master("SESSION_SECRET_PREVIOUS", secret)?);
        }
        let ring = Ring::fresh(random_bytes(&*rng), random_bytes(&*rng));
        Ok(Self { inner: Arc::new(Inner { masters, ring: RwLock::new(Arc::new(ring)), rng }) })
    }

    /// The secret with which coordination keys are hashed; the same on all instances.
    #[must_use]
    pub fn coordination_secret(settings: &SecretSettings) -> Zeroizing<[u8; 32]> {
        keys::derive(settings.master.expose().as_bytes(), label::COORDINATION)
    }

    /// A stable fingerprint for looking something up without storing it: 22 characters, half an HMAC-SHA-256 under a key of its
    /// own.
    ///
    /// `purpose` separates name spaces: the same value under two purposes gives unrelated fingerprints.
    #[must_use]
    pub fn fingerprint(&self, purpose: &str, parts: &[&str]) -> String {
        self.ring().index.fingerprint(purpose, parts)
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.inner.ring.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn master(key: &'static str, secret: &SettingSecret) -> Result<Key, SettingError> {
    if secret.expose().len() < MIN_MASTER_BYTES {
        return Err(SettingError::new(key, format!("must have at least {MIN_MASTER_BYTES} characters")));
    }
    Ok(Key::derive(secret.expose().as_bytes(), label::WRAP))
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[vault]")
    }
}
