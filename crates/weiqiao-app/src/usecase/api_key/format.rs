//! The text of a key. Its checksum tells a typing error from a wrong key without asking the database, and lets scanners
//! recognise a leaked one.

use std::fmt;

use sha2::{Digest as _, Sha256};
use weiqiao_model::{Rng, random_alnum};
use zeroize::Zeroizing;

/// How every key of ours begins, and nothing else that we issue.
const MARK: &str = "wxk_";
const HEAD: &str = "wxk_live_";
const ID: usize = 12;
const SECRET: usize = 43;
const CRC: usize = 8;

/// The length of every key, in characters.
const LENGTH: usize = HEAD.len() + ID + 1 + SECRET + 1 + CRC;

/// A whole key. Shown once, when it is made; only its SHA-256 is stored.
pub struct ApiKeyText(Zeroizing<String>);

/// A text that is no key of ours: cut, mistyped or something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an API key")]
pub struct KeyFormatError;

impl ApiKeyText {
    /// A new one: 12 characters to find it by and 43 (256 bits) to keep secret.
    pub fn random(rng: &(impl Rng + ?Sized)) -> Self {
        let body = Zeroizing::new(format!("{HEAD}{}_{}", random_alnum(rng, ID), random_alnum(rng, SECRET)));
        Self(Zeroizing::new(format!("{}_{:08x}", *body, crc32(body.as_bytes()))))
    }

    /// Whether a text says that it is a key of ours, whole or not.
    pub(super) fn claims(text: &str) -> bool {
        text.starts_with(MARK)
    }

    /// Reads a key; looks at no more than its fixed length.
    ///
    /// # Errors
    ///
    /// Anything but the exact form with its own checksum.
    pub fn parse(text: &str) -> Result<Self, KeyFormatError> {
        if text.len() != LENGTH {
            return Err(KeyFormatError);
        }
        let rest = text.strip_prefix(HEAD).ok_or(KeyFormatError)?;
        let (body, crc) = text.rsplit_once('_').ok_or(KeyFormatError)?;
        let parts: Vec<&str> = rest.split('_').collect();
        let shaped = matches!(parts.as_slice(), [id, secret, crc]
            if id.len() == ID && secret.len() == SECRET && crc.len() == CRC
            && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric())));
        if shaped && format!("{:08x}", crc32(body.as_bytes())) == crc {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(KeyFormatError)
        }
    }

    /// The part that may be seen and finds the row: `wxk_live_<id>`.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.get(..HEAD.len() + ID).unwrap_or_default()
    }

    /// The whole key, to be shown once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        sha256(self.expose())
    }
}

impl fmt::Debug for ApiKeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_[secret]", self.prefix())
    }
}

pub(super) fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// CRC-32 as in Ethernet and zip. No protection, only a check against slips.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    use weiqiao_model::SeededRng;

    use super::*;

    #[test]
    fn the_checksum_is_the_usual_crc_32() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn a_key_reads_back_and_hides_its_secret() {
        let key = ApiKeyText::random(&SeededRng::new(9));
        let read = ApiKeyText::parse(key.expose()).unwrap();
        assert_eq!((read.prefix(), read.hash()), (key.prefix(), key.hash()));
        assert_eq!(key.prefix().len(), 21);
        let secret = key.expose().split('_').nth(3).unwrap();
        assert_eq!(secret.len(), 43);
        assert!(!format!("{key:?}").contains(secret));
    }

    #[test]
    fn every_slip_is_noticed_without_a_database() {
        let key = ApiKeyText::random(&SeededRng::new(9));
        for position in 0..key.expose().len() {
            let mut typo = key.expose().to_owned().into_bytes();
            typo[position] = if typo[position] == b'x' { b'y' } else { b'x' };
            assert!(ApiKeyText::parse(&String::from_utf8(typo).unwrap()).is_err(), "{position}");
        }
        let long = format!("{}a", key.expose());
        let spaced = format!(" {}", key.expose());
        for wrong in ["", "wxk_live_", "wxk_test_abc", &long, &spaced, &key.expose().to_uppercase(), &"字".repeat(25)]
        {
            assert!(ApiKeyText::parse(wrong).is_err(), "{wrong}");
        }
    }
}
