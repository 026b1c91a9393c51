//! The symmetric key: encrypts and decrypts bodies.

use std::fmt;

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use aes_gcm::aead::consts::U12;
use aes_gcm::{AeadInOut, Aes256Gcm, AesGcm, KeyInit};
use serde::Deserialize;
use sm4::Sm4;
use zeroize::Zeroizing;

use super::{ApiSignatureError, KeyError, Reason};
use crate::base64::LENIENT;

/// Bytes of an initialisation vector.
pub const IV: usize = 12;
/// Bytes of a tag.
const TAG: usize = 16;

/// The symmetric key of the console, with its number.
#[derive(Clone)]
pub struct DataKey {
    number: String,
    cipher: Cipher,
}

#[derive(Clone)]
enum Cipher {
    Aes256(Box<Aes256Gcm>),
    Sm4(Box<AesGcm<Sm4, U12>>),
}

/// The body on the wire.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    iv: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    data: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    authtag: std::borrow::Cow<'a, str>,
}

impl DataKey {
    /// A key of the kind `AES256_GCM`: Base64 of 32 bytes.
    ///
    /// # Errors
    ///
    /// No number, or not such a key.
    pub fn aes256(number: impl Into<String>, base64: &str) -> Result<Self, KeyError> {
        let bytes = bytes::<32>(base64)?;
        let cipher = Aes256Gcm::new_from_slice(&*bytes).map_err(|_| KeyError::Symmetric { bytes: 32 })?;
        Self::new(number.into(), Cipher::Aes256(Box::new(cipher)))
    }

    /// A key of the kind `SM4_GCM`: Base64 of 16 bytes.
    ///
    /// # Errors
    ///
    /// No number, or not such a key.
    pub fn sm4(number: impl Into<String>, base64: &str) -> Result<Self, KeyError> {
        let bytes = bytes::<16>(base64)?;
        let cipher = AesGcm::new_from_slice(&*bytes).map_err(|_| KeyError::Symmetric { bytes: 16 })?;
        Self::new(number.into(), Cipher::Sm4(Box::new(cipher)))
    }

    fn new(number: String, cipher: Cipher) -> Result<Self, KeyError> {
        if number.is_empty() { Err(KeyError::Number) } else { Ok(Self { number, cipher }) }
    }

    /// The number the console shows with the key.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }

    pub(super) fn encrypt(
        &self,
        associated: &str,
        mut data: Vec<u8>,
        iv: [u8; IV],
    ) -> Result<String, ApiSignatureError> {
        let (nonce, associated, buffer) = (&iv.into(), associated.as_bytes(), data.as_mut_slice().into());
        let tag = match &self.cipher {
            Cipher::Aes256(cipher) => cipher.encrypt_inout_detached(nonce, associated, buffer),
            Cipher::Sm4(cipher) => cipher.encrypt_inout_detached(nonce, associated, buffer),
        };
        let tag = tag.map_err(|_| Reason::TooLong)?;
        // Base64 needs no escapes in JSON.
        Ok(format!(
            r#"{{"iv":"{}","data":"{}","authtag":"{}"}}"#,
            STANDARD.encode(iv),
            STANDARD.encode(&data),
            STANDARD.encode(tag)
        ))
    }

    pub(super) fn decrypt(&self, associated: &str, body: &[u8]) -> Result<Zeroizing<Vec<u8>>, ApiSignatureError> {
        let Envelope { iv, data, authtag } = serde_json::from_slice(body).map_err(|_| Reason::Envelope)?;
        let decode = |text: &str| LENIENT.decode(text).map_err(|_| Reason::Envelope);
        let iv: [u8; IV] = decode(&iv)?.try_into().map_err(|_| Reason::Envelope)?;
        let tag: [u8; TAG] = decode(&authtag)?.try_into().map_err(|_| Reason::Envelope)?;
        let mut data = Zeroizing::new(decode(&data)?);
        let (nonce, associated, tag) = (&iv.into(), associated.as_bytes(), &tag.into());
        let buffer = data.as_mut_slice().into();
        let opened = match &self.cipher {
            Cipher::Aes256(cipher) => cipher.decrypt_inout_detached(nonce, associated, buffer, tag),
            Cipher::Sm4(cipher) => cipher.decrypt_inout_detached(nonce, associated, buffer, tag),
        };
        opened.map_err(|_| Reason::Cipher)?;
        Ok(data)
    }
}

fn bytes<const N: usize>(base64: &str) -> Result<Zeroizing<[u8; N]>, KeyError> {
    let wrong = KeyError::Symmetric { bytes: N };
    let decoded = Zeroizing::new(LENIENT.decode(base64.trim()).map_err(|_| wrong)?);
    decoded.as_slice().try_into().map(Zeroizing::new).map_err(|_| wrong)
}

impl fmt::Debug for DataKey {
    /// The number, never the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKey").field("number", &self.number).finish_non_exhaustive()
    }
}
