//! Values that must never be seen.
//!
//! A [`Secret`] has no `Display` and no `Serialize`; its `Debug` is the word `[secret]`; its memory is wiped when it
//! is dropped; two of them are compared in constant time. The one way to the text is [`Secret::expose`], so every
//! use can be found by searching for that word.
//!
//! To add a kind: one line in the `kinds!` list below.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use ::base64::Engine as _;
use aes::cipher::KeyInit as _;
use serde::de::{self, Unexpected};
use serde::{Deserialize, Deserializer, Serializer};
use zeroize::Zeroizing;

use crate::base64::LENIENT;
use crate::id::{ExpectedAscii, is_printable_ascii};
use crate::sign::ct_eq;

/// What kind of thing a [`Secret`] is.
pub trait Kind {
    /// The name used in errors, such as `AppSecret`.
    const NAME: &'static str;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $marker:ident => $alias:ident;)*) => {
        /// The markers that tell one kind of [`Secret`](super::Secret) from another. They are never built.
        pub mod kind {
            $(
                $(#[$doc])*
                #[derive(Debug, Clone, Copy)]
                pub enum $marker {}
                impl super::Kind for $marker {
                    const NAME: &'static str = stringify!($alias);
                }
            )*
        }
        $($(#[$doc])* pub type $alias = Secret<kind::$marker>;)*
    };
}

kinds! {
    /// The account's own password towards WeChat: 32 hex digits.
    App => AppSecret;
    /// An access token, of an account or of a person's OAuth grant; up to 512 characters and more.
    AccessToken => AccessTokenValue;
    /// The refresh token of a person's OAuth grant; lives 30 days.
    RefreshToken => RefreshTokenValue;
    /// The code of a web login, a mini-program login or a phone number: works once, within minutes.
    Code => OneTimeCode;
    /// A JS-SDK or card ticket.
    Ticket => TicketValue;
    /// The key of a mini program's session with one person: Base64 of 16 bytes. Signatures use the text as it is.
    Session => SessionKey;
    /// The token typed into the console for callbacks: 3 to 32 characters.
    Callback => CallbackToken;
}

/// A secret text of the kind `K`. See the [module](self) for how it is guarded.
pub struct Secret<K> {
    /// Shared by all clones: tokens are handed out at every call, and one copy is wiped for certain.
    text: Arc<Zeroizing<String>>,
    kind: PhantomData<fn() -> K>,
}

impl<K> Secret<K> {
    /// Takes the text as it is, unchecked.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: Arc::new(Zeroizing::new(text.into())), kind: PhantomData }
    }

    /// The secret text. Never log it, store it unsealed or put it into an error.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl<K> fmt::Debug for Secret<K> {
    /// Always `[secret]`, also for an empty one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl<K> Clone for Secret<K> {
    fn clone(&self) -> Self {
        Self { text: Arc::clone(&self.text), kind: PhantomData }
    }
}

impl<K> PartialEq for Secret<K> {
    /// Takes the same time wherever the two differ; only their length can be learned from it.
    fn eq(&self, other: &Self) -> bool {
        ct_eq(self.text.as_bytes(), other.text.as_bytes())
    }
}

impl<K> Eq for Secret<K> {}

impl<K> From<&str> for Secret<K> {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl<K> From<String> for Secret<K> {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Secret<K> {
    /// Refuses anything outside printable ASCII: a token damaged on the wire must not be stored as one.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let secret = Self::new(String::deserialize(deserializer)?);
        if !is_printable_ascii(secret.expose()) {
            return Err(de::Error::invalid_value(
                Unexpected::Other("text outside printable ASCII"),
                &ExpectedAscii(K::NAME),
            ));
        }
        Ok(secret)
    }
}

/// Writes the secret itself, for the one place where it has to travel: the field of a request to WeChat.
///
/// ```
/// #[derive(serde::Serialize)]
/// struct Refresh {
///     #[serde(serialize_with = "weixin_proto::secret::serialize_exposed")]
///     refresh_token: weixin_proto::RefreshTokenValue,
/// }
/// let wire = serde_json::to_string(&Refresh { refresh_token: "REFRESH".into() }).unwrap();
/// assert_eq!(wire, r#"{"refresh_token":"REFRESH"}"#);
/// ```
///
/// # Errors
///
/// Only what the serializer itself refuses.
pub fn serialize_exposed<K, S: Serializer>(secret: &Secret<K>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

/// The `EncodingAESKey` of the console, decoded: 32 bytes for AES-256.
///
/// <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html>
#[derive(Clone)]
pub struct AesKey {
    /// Shared by all clones, as the text of a [`Secret`] is.
    prepared: Arc<Prepared>,
}

struct Prepared {
    bytes: Zeroizing<[u8; AesKey::BYTES]>,
    /// The keys of the rounds, computed once and not for every message. Wiped when dropped.
    cipher: aes::Aes256,
}

impl AesKey {
    /// How many characters the console shows.
    pub const CHARACTERS: usize = 43;
    /// How many bytes they stand for.
    pub const BYTES: usize = 32;

    /// Reads the 43 characters of the console.
    ///
    /// White space anywhere is dropped, consoles like to add some. The last character carries two bits too many;
    /// real keys have them set, so they are ignored: keys ending in `E`, `F`, `G` and `H` may be the same key.
    ///
    /// # Errors
    ///
    /// Not 43 characters, or one that is not Base64. The key itself is never repeated.
    pub fn parse(text: &str) -> Result<Self, AesKeyError> {
        let mut compact = Zeroizing::new(String::with_capacity(Self::CHARACTERS + 1));
        let mut count = 0_usize;
        for character in text.chars().filter(|character| !character.is_whitespace()) {
            count = count.saturating_add(1);
            if !(character.is_ascii_alphanumeric() || matches!(character, '+' | '/')) {
                return Err(AesKeyError::Character { position: count });
            }
            if count <= Self::CHARACTERS {
                compact.push(character);
            }
        }
        if count != Self::CHARACTERS {
            return Err(AesKeyError::Length { found: count });
        }
        let decoded = Zeroizing::new(
            LENIENT.decode(compact.as_bytes()).map_err(|_| AesKeyError::Character { position: Self::CHARACTERS })?,
        );
        let mut bytes = Zeroizing::new([0_u8; Self::BYTES]);
        if decoded.len() != bytes.len() {
            return Err(AesKeyError::Length { found: count });
        }
        bytes.copy_from_slice(&decoded);
        let cipher = aes::Aes256::new((&*bytes).into());
        Ok(Self { prepared: Arc::new(Prepared { bytes, cipher }) })
    }

    /// The 32 bytes. Never log them, store them unsealed or put them into an error.
    #[must_use]
    pub fn expose(&self) -> &[u8; Self::BYTES] {
        &self.prepared.bytes
    }

    /// The cipher under this key.
    pub(crate) fn cipher(&self) -> &aes::Aes256 {
        &self.prepared.cipher
    }
}

impl fmt::Debug for AesKey {
    /// Always `[secret]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl PartialEq for AesKey {
    /// In constant time.
    fn eq(&self, other: &Self) -> bool {
        ct_eq(self.expose(), other.expose())
    }
}

impl Eq for AesKey {}

/// Why a text is not an `EncodingAESKey`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AesKeyError {
    /// White space aside, there are not 43 characters.
    #[error(
        "EncodingAESKey has {found} characters instead of 43; copy it again from the WeChat console \
         (development, basic configuration)"
    )]
    Length {
        /// How many there are.
        found: usize,
    },
    /// A character that no key contains.
    #[error(
        "EncodingAESKey has an illegal character at position {position}; only A-Z, a-z and 0-9 occur, copy it again \
         from the WeChat console (development, basic configuration)"
    )]
    Character {
        /// Which one, counted from 1 and without white space.
        position: usize,
    },
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "tests cut ASCII")]
mod tests {
    use super::*;

    const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    #[test]
    fn a_secret_is_never_shown() {
        #[derive(Debug)]
        struct Holder {
            #[allow(dead_code, reason = "read through Debug")]
            secret: AppSecret,
        }
        assert_eq!(format!("{:?}", Holder { secret: "hunter2".into() }), "Holder { secret: [secret] }");
        assert_eq!(format!("{:?}", AesKey::parse(KEY).unwrap()), "[secret]");
        let refusal = serde_json::from_str::<AccessTokenValue>("\"hunter\u{fffd}2\"").unwrap_err().to_string();
        assert!(refusal.contains("AccessTokenValue") && !refusal.contains("hunter"), "{refusal}");
    }

    #[test]
    fn secrets_are_compared_by_their_text() {
        assert_eq!(AppSecret::new("a"), AppSecret::new("a"));
        assert_ne!(AppSecret::new("a"), AppSecret::new("b"));
        assert_ne!(AppSecret::new("a"), AppSecret::new("aa"));
    }

    #[test]
    fn white_space_in_a_key_is_dropped() {
        let spaced = format!(" {}\n\t{}\u{a0}\u{3000}", &KEY[..20], &KEY[20..]);
        assert_eq!(AesKey::parse(&spaced).unwrap(), AesKey::parse(KEY).unwrap());
    }

    #[test]
    fn a_key_of_another_length_is_refused() {
        for (text, found) in [("", 0), (&KEY[1..], 42), (&format!("{KEY}A"), 44), (&KEY.repeat(1000), 43_000)] {
            assert_eq!(AesKey::parse(text), Err(AesKeyError::Length { found }));
        }
    }

    #[test]
    fn a_key_with_a_foreign_character_is_refused() {
        for (text, position) in [(format!("{}=", &KEY[..42]), 43), (format!("-{}", &KEY[..42]), 1), ("键".into(), 1)] {
            assert_eq!(AesKey::parse(&text), Err(AesKeyError::Character { position }));
        }
    }

    #[test]
    fn the_wire_gets_the_secret_itself() {
        let mut wire = Vec::new();
        serialize_exposed(&AppSecret::new("S"), &mut serde_json::Serializer::new(&mut wire)).unwrap();
        assert_eq!(wire, b"\"S\"");
    }
}
