//! One master key and what is derived from it.

use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::label;

/// How many bytes of a sealed value name its key.
pub(super) const KEY_ID_BYTES: usize = 4;

pub(super) struct MasterKey {
    pub(super) id: [u8; KEY_ID_BYTES],
    pub(super) cipher: XChaCha20Poly1305,
    index: Hmac<Sha256>,
}

impl MasterKey {
    pub(super) fn derive(master: &[u8]) -> Self {
        let mut id = [0; KEY_ID_BYTES];
        id.iter_mut().zip(Self::derive_one(master, label::KEY_ID).iter()).for_each(|(to, from)| *to = *from);
        Self {
            id,
            cipher: XChaCha20Poly1305::new((&*Self::derive_one(master, label::AT_REST)).into()),
            index: keyed(&*Self::derive_one(master, label::BLIND_INDEX)),
        }
    }

    /// One 256-bit key for one purpose.
    pub(super) fn derive_one(master: &[u8], label: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        // HKDF-SHA-256 gives up to 255 × 32 bytes, so 32 never fail.
        let expanded = Hkdf::<Sha256>::new(None, master).expand(label, &mut *key);
        debug_assert!(expanded.is_ok());
        key
    }

    pub(super) fn fingerprint(&self, purpose: &str, parts: &[&str]) -> String {
        let mut mac = self.index.clone();
        for part in std::iter::once(&purpose).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        hex::encode(mac.finalize().into_bytes())
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    // HMAC takes a key of any length, so the fallback is never reached; it only keeps this function total.
    Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()))
}
