//! The key of the chain, and what is done with it.

use std::sync::Arc;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use weiqiao_model::{Rng, random_bytes};
use weiqiao_store::Store;
use weiqiao_store::facts::audit::{ChainKey, EnsureAuditKey, ReplaceAuditKey};
use zeroize::Zeroizing;

use crate::app::StartError;
use crate::vault::cipher::{Cipher, NONCE_BYTES};
use crate::vault::{OpenError, Place, Vault};

const KEY_PLACE: Place<'static> = Place::new("audit_head", "sealed_key", "chain", "");
const KEY_BYTES: usize = 32;

/// The labels of HKDF: one per purpose, never reused, never renamed.
mod label {
    pub(super) const CHAIN: &[u8] = b"weiqiao v1 audit chain";
    pub(super) const DETAIL: &[u8] = b"weiqiao v1 audit detail";
    pub(super) const DIGEST: &[u8] = b"weiqiao v1 audit digest";
}

/// The key of the chain and what is derived from it: one key for the hashes, one for the details, one for digests.
#[derive(Clone)]
pub(crate) struct AuditBook {
    chain: ChainKey,
    detail: Cipher,
    digest: Hmac<Sha256>,
    rng: Arc<dyn Rng>,
}

impl AuditBook {
    /// Opens the key of the chain, or makes one. A key that was sealed with an earlier key of the vault is sealed again.
    pub(crate) async fn open(store: &Store, vault: &Vault, rng: &Arc<dyn Rng>, now: i64) -> Result<Self, StartError> {
        let fresh = Zeroizing::new(random_bytes::<KEY_BYTES>(&**rng));
        let stored = store.run(EnsureAuditKey { sealed: vault.seal(KEY_PLACE, &*fresh), now }).await?;
        let key = vault.open(KEY_PLACE, &stored).map_err(StartError::AuditKey)?;
        if vault.needs_resealing(&stored) {
            store.run(ReplaceAuditKey { old: stored, new: vault.seal(KEY_PLACE, &key) }).await?;
        }
        if key.len() != KEY_BYTES {
            return Err(StartError::AuditKey(OpenError::Damaged));
        }
        Ok(Self::of(&key, rng))
    }

    fn of(key: &[u8], rng: &Arc<dyn Rng>) -> Self {
        // HMAC takes a key of any length, so the fallback is never reached; it only keeps this function total.
        let digest =
            Hmac::new_from_slice(&*derive(key, label::DIGEST)).unwrap_or_else(|_| Hmac::new(&Default::default()));
        Self {
            chain: ChainKey::new(*derive(key, label::CHAIN)),
            detail: Cipher::new(&derive(key, label::DETAIL)),
            digest,
            rng: Arc::clone(rng),
        }
    }

    /// Whether this is still the key that stands there: what was changed there by hand, a process that opened it before does not
    /// notice. Under a master key that is not known here yet it counts as that.
    pub(crate) fn is_of(&self, vault: &Vault, sealed: &[u8]) -> bool {
        match vault.open(KEY_PLACE, sealed) {
            Ok(key) => Self::of(&key, &self.rng).digest("") == self.digest(""),
            Err(error) => error == OpenError::UnknownKey,
        }
    }

    pub(crate) fn key(&self) -> ChainKey {
        self.chain.clone()
    }

    /// `nonce (24) ‖ ciphertext ‖ tag (16)`, bound to the id of the entry.
    pub(super) fn seal(&self, id: &str, detail: &Value) -> Vec<u8> {
        let nonce = random_bytes::<NONCE_BYTES>(&*self.rng);
        let mut body = detail.to_string().into_bytes();
        // The cipher refuses only messages of more than 256 GiB.
        match self.detail.seal(&nonce, id.as_bytes(), &mut body) {
            Ok(tag) => [&nonce[..], &body, &tag].concat(),
            Err(_) => Vec::new(),
        }
    }

    /// The detail of an entry; `None` when it was altered.
    pub(crate) fn open_detail(&self, id: &str, sealed: &[u8]) -> Option<Value> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let mut sealed = sealed.to_vec();
        let plain = self.detail.open(nonce, id.as_bytes(), &mut sealed).ok()?;
        serde_json::from_slice(plain).ok()
    }

    pub(super) fn digest(&self, state: &str) -> String {
        let mut mac = self.digest.clone();
        mac.update(state.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

fn derive(key: &[u8], label: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut derived = Zeroizing::new([0; 32]);
    // HKDF-SHA-256 gives up to 255 × 32 bytes, so 32 never fail.
    let expanded = Hkdf::<Sha256>::new(None, key).expand(label, &mut *derived);
    debug_assert!(expanded.is_ok());
    derived
}
