//! Keys that say nothing about what they stand for.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What an entry is for: separates the name spaces and sets how the in-process driver makes room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// Values taken once.
    OneTime,
    /// Leases.
    Lease,
    /// Rate limits.
    Rate,
    /// Counted failures.
    Strikes,
    /// Newest tokens and tickets.
    Token,
    /// Wake-up topics.
    Wake,
    /// Cached bytes.
    Cache,
}

impl Meaning {
    /// A short fixed word: part of the Redis key, and the label in metrics.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OneTime => "once",
            Self::Lease => "lease",
            Self::Rate => "rate",
            Self::Strikes => "strikes",
            Self::Token => "token",
            Self::Wake => "wake",
            Self::Cache => "cache",
        }
    }
}

/// Name of an entry: what it is for, and the first 128 bits of an HMAC-SHA-256 over the caller's name and key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    pub(crate) meaning: Meaning,
    pub(crate) digest: [u8; 16],
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.meaning.word())?;
        self.digest.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Makes keys and authenticates values with the instance-wide secret.
#[derive(Clone)]
pub(crate) struct KeyMaker {
    keys: Hmac<Sha256>,
    values: Hmac<Sha256>,
}

impl KeyMaker {
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        let derive = |label: &[u8]| {
            let mut mac = keyed(secret);
            mac.update(label);
            keyed(&mac.finalize().into_bytes())
        };
        Self { keys: derive(b"weiqiao-coord keys"), values: derive(b"weiqiao-coord values") }
    }

    /// The key of `key` in the caller's name space `name`.
    pub(crate) fn key(&self, meaning: Meaning, name: &str, key: &str) -> Key {
        let mut mac = self.keys.clone();
        for part in [meaning.word(), name, key] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        Key { meaning, digest: first16(mac) }
    }

    /// Authenticates `parts` as one value.
    pub(crate) fn tag(&self, parts: &[&[u8]]) -> [u8; 16] {
        let mut mac = self.values.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        first16(mac)
    }
}

fn keyed(secret: &[u8]) -> Hmac<Sha256> {
    // HMAC takes a key of any length, so the fallback is never reached; it only keeps this function total.
    Hmac::new_from_slice(secret).unwrap_or_else(|_| Hmac::new(&Default::default()))
}

fn first16(mac: Hmac<Sha256>) -> [u8; 16] {
    let full: [u8; 32] = mac.finalize().into_bytes().into();
    let mut first = [0; 16];
    first.iter_mut().zip(full).for_each(|(to, from)| *to = from);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_shows_its_meaning_and_nothing_of_its_name() {
        let text = KeyMaker::new(&[7; 32]).key(Meaning::Rate, "login", "oOpenid123").to_string();
        assert_eq!(text.len(), "rate:".len() + 32);
        assert!(text.starts_with("rate:") && !text.contains("Openid") && !text.contains("login"));
    }

    #[test]
    fn meaning_name_key_and_secret_each_change_the_key() {
        let maker = KeyMaker::new(&[7; 32]);
        let base = maker.key(Meaning::Rate, "ab", "c");
        assert_eq!(base, maker.key(Meaning::Rate, "ab", "c"));
        assert_ne!(base.digest, maker.key(Meaning::Strikes, "ab", "c").digest);
        assert_ne!(base, maker.key(Meaning::Rate, "a", "bc"));
        assert_ne!(base, maker.key(Meaning::Rate, "ab", "d"));
        assert_ne!(base, KeyMaker::new(&[8; 32]).key(Meaning::Rate, "ab", "c"));
    }
}
