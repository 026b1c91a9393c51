//! Sealing and opening.

use chacha20poly1305::aead::{Aead as _, Payload};
use zeroize::Zeroizing;

use super::Vault;
use super::keys::KEY_ID_BYTES;

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;

/// Where a sealed value lives. All of it is authenticated: the value opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table, such as `oauth_token`.
    pub table: &'static str,
    /// The column, such as `access`.
    pub column: &'static str,
    /// What tells the row from its neighbours, such as an openid.
    pub row: &'a str,
    /// The account the row belongs to; empty when it belongs to none.
    pub app_id: &'a str,
}

impl<'a> Place<'a> {
    /// A place in the tables.
    #[must_use]
    pub const fn new(table: &'static str, column: &'static str, row: &'a str, app_id: &'a str) -> Self {
        Self { table, column, row, app_id }
    }

    /// Each part with its length in front, so that no two places give the same bytes.
    fn bytes(&self, key_id: &[u8]) -> Vec<u8> {
        let parts: [&[u8]; 5] =
            [self.table.as_bytes(), self.column.as_bytes(), self.row.as_bytes(), key_id, self.app_id.as_bytes()];
        let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

/// Why a sealed value does not open. Says nothing about its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Too short, or of another version.
    #[error("not a sealed value")]
    Malformed,
    /// Sealed with a master key that is not configured; add it to the previous keys.
    #[error("sealed with an unknown master key")]
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
        self.ring.rng.fill(&mut nonce);
        let key = &self.ring.current;
        let aad = place.bytes(&key.id);
        // The cipher refuses only messages of more than 256 GiB.
        let sealed = key.cipher.encrypt(&nonce.into(), Payload { msg: plain, aad: &aad }).unwrap_or_default();
        debug_assert!(!sealed.is_empty());
        [&[VERSION][..], &key.id, &nonce, &sealed].concat()
    }

    /// Opens what [`Vault::seal`] made for the same place.
    ///
    /// # Errors
    ///
    /// See [`OpenError`]. Each failure is an alarm: rows do not damage themselves.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (key_id, nonce, ciphertext) = split(sealed).ok_or(OpenError::Malformed)?;
        let ring = &self.ring;
        let aad = place.bytes(key_id);
        let mut candidates =
            std::iter::once(&ring.current).chain(&ring.previous).filter(|key| key.id == *key_id).peekable();
        candidates.peek().ok_or(OpenError::UnknownKey)?;
        candidates
            .find_map(|key| key.cipher.decrypt(&(*nonce).into(), Payload { msg: ciphertext, aad: &aad }).ok())
            .map(Zeroizing::new)
            .ok_or(OpenError::Damaged)
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

    /// Whether the value was sealed with an earlier master key.
    #[must_use]
    pub fn needs_resealing(&self, sealed: &[u8]) -> bool {
        split(sealed).is_some_and(|(key_id, ..)| key_id != &self.ring.current.id)
    }
}

type Parts<'a> = (&'a [u8; KEY_ID_BYTES], &'a [u8; NONCE_BYTES], &'a [u8]);

fn split(sealed: &[u8]) -> Option<Parts<'_>> {
    let (&VERSION, rest) = sealed.split_first()? else { return None };
    let (key_id, rest) = rest.split_first_chunk()?;
    let (nonce, ciphertext) = rest.split_first_chunk()?;
    Some((key_id, nonce, ciphertext))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use weiqiao_model::SeededRng;

    use super::*;
    use crate::settings::SecretSettings;

    const OLD: &str = "old-master-key-0123456789abcdef0123";
    const NEW: &str = "new-master-key-0123456789abcdef0123";

    fn vault(master: &str, previous: &[&str]) -> Vault {
        let settings = SecretSettings {
            master: master.into(),
            master_previous: previous.iter().map(|secret| (*secret).into()).collect(),
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
        let vault = vault(OLD, &[]);
        let sealed = vault.seal(place(), b"very secret token");
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_eq!(vault.open(place(), &sealed).unwrap().as_slice(), b"very secret token");
        assert_eq!(vault.open_text(place(), &sealed).unwrap().as_str(), "very secret token");
        assert_ne!(sealed, vault.seal(place(), b"very secret token"), "every sealing has its own nonce");
        assert_eq!(vault.open(place(), &vault.seal(place(), b"")).unwrap().as_slice(), b"");
    }

    /// T-94: a ciphertext swapped with another row's, column's, table's or account's does not open.
    #[test]
    fn a_value_opens_nowhere_else() {
        let vault = vault(OLD, &[]);
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
        let vault = vault(OLD, &[]);
        let sealed = vault.seal(place(), b"secret");
        for position in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[position] ^= 1;
            assert!(vault.open(place(), &flipped).is_err(), "byte {position}");
            assert!(vault.open(place(), &sealed[..position]).is_err(), "cut at {position}");
        }
    }

    #[test]
    fn an_earlier_key_opens_and_asks_for_resealing() {
        let sealed = vault(OLD, &[]).seal(place(), b"x");
        let rotated = vault(NEW, &[OLD]);
        assert_eq!(rotated.open(place(), &sealed).unwrap().as_slice(), b"x");
        assert!(rotated.needs_resealing(&sealed));
        assert!(!rotated.needs_resealing(&rotated.seal(place(), b"x")));
        assert_eq!(vault(NEW, &[]).open(place(), &sealed).unwrap_err(), OpenError::UnknownKey);
    }

    #[test]
    fn fingerprints_depend_on_key_purpose_and_every_part() {
        let vault = vault(OLD, &[]);
        let base = vault.fingerprint("phone", &["wx1", "138"]);
        assert_eq!(base, vault.fingerprint("phone", &["wx1", "138"]));
        assert_eq!(base.len(), 64);
        assert_ne!(base, vault.fingerprint("code", &["wx1", "138"]));
        assert_ne!(base, vault.fingerprint("phone", &["wx11", "38"]));
        assert_ne!(base, super::tests::vault(NEW, &[OLD]).fingerprint("phone", &["wx1", "138"]));
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
