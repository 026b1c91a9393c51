//! Keys, and what is derived from them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::cipher::Cipher;
use super::label;

/// How many bytes of a sealed value name its key.
pub(super) const KEY_ID_BYTES: usize = 4;

pub(super) type KeyId = [u8; KEY_ID_BYTES];

/// How many bytes of the HMAC a fingerprint has.
const FINGERPRINT_BYTES: usize = 16;

/// A key that seals.
pub(super) struct Key {
    pub(super) id: KeyId,
    pub(super) cipher: Cipher,
}

impl Key {
    pub(super) fn derive(secret: &[u8], purpose: &[u8]) -> Self {
        let mut id = KeyId::default();
        id.iter_mut().zip(derive(secret, label::KEY_ID).iter()).for_each(|(to, from)| *to = *from);
        Self { id, cipher: Cipher::new(&derive(secret, purpose)) }
    }
}

/// The key of the blind indexes.
pub(super) struct IndexKey {
    secret: Zeroizing<[u8; 32]>,
    /// Keyed once; every fingerprint begins with a copy.
    keyed: Hmac<Sha256>,
}

impl IndexKey {
    pub(super) fn new(secret: Zeroizing<[u8; 32]>) -> Self {
        let keyed = keyed(&*derive(&*secret, label::BLIND_INDEX));
        Self { secret, keyed }
    }

    pub(super) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// Every part with its length in front, in as few bytes as tell them apart: an openid with its appid and purpose fits
    /// into one block of the hash.
    pub(super) fn fingerprint(&self, purpose: &str, parts: &[&str]) -> String {
        let mut mac = self.keyed.clone();
        for part in std::iter::once(&purpose).chain(parts) {
            let mut rest = part.len();
            while rest > 0x7f {
                mac.update(&[low_bits(rest) | 0x80]);
                rest >>= 7;
            }
            mac.update(&[low_bits(rest)]);
            mac.update(part.as_bytes());
        }
        short(&mac.finalize().into_bytes().into())
    }
}

fn low_bits(number: usize) -> u8 {
    u8::try_from(number & 0x7f).unwrap_or_default()
}

/// The first half as 22 characters. These stand in rows and in several indexes of theirs, in no order: the shorter they are, the
/// fewer pages a commit writes, and no two of 10¹⁵ are alike by chance.
fn short(digest: &[u8; 32]) -> String {
    let (half, _) = digest.split_at(FINGERPRINT_BYTES);
    URL_SAFE_NO_PAD.encode(half)
}

/// One 256-bit key for one purpose.
pub(super) fn derive(secret: &[u8], purpose: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    // HKDF-SHA-256 gives up to 255 × 32 bytes, so 32 never fail.
    let expanded = Hkdf::<Sha256>::new(None, secret).expand(purpose, &mut *key);
    debug_assert!(expanded.is_ok());
    key
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    // HMAC takes a key of any length, so the fallback is never reached; it only keeps this function total.
    Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_one_another() {
        let key = IndexKey::new(Zeroizing::new([7; 32]));
        let long = "x".repeat(300);
        let all = [
            key.fingerprint("openid", &["wx1", "abc"]),
            key.fingerprint("openid", &["wx1a", "bc"]),
            key.fingerprint("openid", &["wx1abc"]),
            key.fingerprint("phone", &["wx1", "abc"]),
            key.fingerprint("openid", &["wx1", &long]),
            key.fingerprint("openid", &["wx1", &long, ""]),
            IndexKey::new(Zeroizing::new([8; 32])).fingerprint("openid", &["wx1", "abc"]),
        ];
        assert_eq!(all.iter().collect::<std::collections::HashSet<_>>().len(), all.len());
        assert_eq!(all[0], key.fingerprint("openid", &["wx1", "abc"]));
        assert!(all.iter().all(|index| index.len() == 22));
    }
}
