//! Sealing and opening.

use zeroize::Zeroizing;

use super::cipher::{NONCE_BYTES, TAG_BYTES};
use super::keys::{KEY_ID_BYTES, Key, KeyId};
use super::{Place, Vault};

const VERSION: u8 = 1;
pub(super) const HEAD_BYTES: usize = 1 + KEY_ID_BYTES + NONCE_BYTES;

/// Why a sealed value does not open. Says nothing about its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Too short, or of another version.
    #[error("not a sealed value")]
    Malformed,
    /// Sealed with a key of another database, or one that was made a moment ago.
    #[error("sealed with an unknown key")]
    UnknownKey,
    /// Altered, or moved from another table, column, row or account.
    #[error("the sealed value is damaged or does not belong here")]
    Damaged,
}

impl Vault {
    /// Seals `plain` for `place` with the current key.
    #[must_use]
    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        self.inner.rng.fill(&mut nonce);
        seal_with(self.ring().current(), &nonce, place, plain)
    }

    /// Opens what [`Vault::seal`] made for the same place.
    ///
    /// # Errors
    ///
    /// See [`OpenError`]. Each failure is an alarm: rows do not damage themselves.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let mut sealed = Zeroizing::new(sealed.to_vec());
        let plain = self.open_here(place, &mut sealed)?.len();
        sealed.drain(..HEAD_BYTES);
        sealed.truncate(plain);
        Ok(sealed)
    }

    /// [`Vault::open`] where the value lies: the plain bytes are within it afterwards. Wipe them when they are secret.
    ///
    /// # Errors
    ///
    /// As [`Vault::open`]; then the value is worth nothing any more.
    pub fn open_here<'s>(&self, place: Place<'_>, sealed: &'s mut [u8]) -> Result<&'s mut [u8], OpenError> {
        let key_id = key_id(sealed).ok_or(OpenError::Malformed)?;
        let ring = self.ring();
        let key = ring.find(key_id).ok_or(OpenError::UnknownKey)?;
        let end = open_with(key, place, sealed)?;
        sealed.get_mut(HEAD_BYTES..end).ok_or(OpenError::Malformed)
    }

    /// [`Vault::open`] for text.
    ///
    /// # Errors
    ///
    /// As [`Vault::open`]; text that is not UTF-8 is [`OpenError::Damaged`].
    pub fn open_text(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<String>, OpenError> {
        let plain = self.open(place, sealed)?;
        std::str::from_utf8(&plain).map(|text| Zeroizing::new(text.to_owned())).map_err(|_| OpenError::Damaged)
    }

    /// Whether the value was sealed with an earlier data key.
    #[must_use]
    pub fn needs_resealing(&self, sealed: &[u8]) -> bool {
        key_id(sealed).is_some_and(|id| *id != self.ring().current().id)
    }

    /// The value as the current key seals it.
    ///
    /// # Errors
    ///
    /// As [`Vault::open`].
    pub fn reseal(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        Ok(self.seal(place, &self.open(place, sealed)?))
    }
}

pub(super) fn seal_with(key: &Key, nonce: &[u8; NONCE_BYTES], place: Place<'_>, plain: &[u8]) -> Vec<u8> {
    let aad = place.bytes(&key.id);
    let mut sealed = Vec::with_capacity(HEAD_BYTES + plain.len() + TAG_BYTES);
    sealed.push(VERSION);
    sealed.extend_from_slice(&key.id);
    sealed.extend_from_slice(nonce);
    sealed.extend_from_slice(plain);
    let body = sealed.get_mut(HEAD_BYTES..).unwrap_or_default();
    // The cipher refuses only messages of more than 256 GiB.
    match key.cipher.seal(nonce, aad.as_slice(), body) {
        Ok(tag) => sealed.extend_from_slice(&tag),
        Err(_) => sealed.clear(),
    }
    debug_assert!(!sealed.is_empty());
    sealed
}

/// Opens in place; answers where the plain bytes end.
pub(super) fn open_with(key: &Key, place: Place<'_>, sealed: &mut [u8]) -> Result<usize, OpenError> {
    let aad = place.bytes(&key.id);
    let (head, rest) = sealed.split_at_mut_checked(HEAD_BYTES).ok_or(OpenError::Malformed)?;
    let nonce: &[u8; NONCE_BYTES] = head.last_chunk().ok_or(OpenError::Malformed)?;
    if rest.len() < TAG_BYTES {
        return Err(OpenError::Malformed);
    }
    let plain = key.cipher.open(nonce, aad.as_slice(), rest).map_err(|_| OpenError::Damaged)?;
    Ok(HEAD_BYTES + plain.len())
}

/// The id of the key a value was sealed with.
pub(super) fn key_id(sealed: &[u8]) -> Option<&KeyId> {
    let (&VERSION, rest) = sealed.split_first()? else { return None };
    rest.first_chunk()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use weiqiao_model::SeededRng;

    use super::*;
    use crate::settings::SecretSettings;

    fn vault() -> Vault {
        let settings = SecretSettings {
            master: "master-key-0123456789abcdef-0123456789".into(),
            master_previous: Vec::new(),
            jwt: "unused".into(),
            jwt_previous: None,
        };
        Vault::new(&settings, Arc::new(SeededRng::new(7))).unwrap()
    }

    fn place() -> Place<'static> {
        Place::new("oauth_token", "access", "oABC", "wx1")
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_and_shows_nothing() {
        let vault = vault();
        let sealed = vault.seal(place(), b"very secret token");
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_eq!(vault.open(place(), &sealed).unwrap().as_slice(), b"very secret token");
        assert_eq!(vault.open_text(place(), &sealed).unwrap().as_str(), "very secret token");
        assert_ne!(sealed, vault.seal(place(), b"very secret token"), "every sealing has its own nonce");
        assert_eq!(vault.open(place(), &vault.seal(place(), b"")).unwrap().as_slice(), b"");
        let mut here = sealed;
        assert_eq!(vault.open_here(place(), &mut here).unwrap(), b"very secret token");
    }

    /// T-94: a ciphertext swapped with another row's, column's, table's or account's does not open.
    #[test]
    fn a_value_opens_nowhere_else() {
        let vault = vault();
        let sealed = vault.seal(place(), b"x");
        for elsewhere in [
            Place { table: "mini_session", ..place() },
            Place { column: "refresh", ..place() },
            Place { row: "oDEF", ..place() },
            Place { app_id: "wx2", ..place() },
            Place { row: "oABCw", app_id: "x1", ..place() },
        ] {
            assert_eq!(vault.open(elsewhere, &sealed).unwrap_err(), OpenError::Damaged, "{elsewhere:?}");
        }
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let vault = vault();
        let sealed = vault.seal(place(), b"secret");
        for position in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[position] ^= 1;
            assert!(vault.open(place(), &flipped).is_err(), "byte {position}");
            assert!(vault.open(place(), &sealed[..position]).is_err(), "cut at {position}");
        }
    }

    #[test]
    fn fingerprints_depend_on_purpose_and_every_part() {
        let vault = vault();
        let base = vault.fingerprint("phone", &["wx1", "138"]);
        assert_eq!(base, vault.fingerprint("phone", &["wx1", "138"]));
        assert_eq!(base.len(), 22);
        assert_ne!(base, vault.fingerprint("code", &["wx1", "138"]));
        assert_ne!(base, vault.fingerprint("phone", &["wx11", "38"]));
    }

    #[test]
    fn a_short_master_key_is_refused_by_name_only() {
        let settings = SecretSettings {
            master: "hunter2".into(),
            master_previous: Vec::new(),
            jwt: "unused".into(),
            jwt_previous: None,
        };
        let error = Vault::new(&settings, Arc::new(SeededRng::new(7))).unwrap_err();
        assert_eq!(error.key, "SESSION_SECRET");
        assert!(!error.to_string().contains("hunter2"));
    }
}
