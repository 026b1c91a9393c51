//! Encryption and signatures of server calls ("API security" of mini programs).
//!
//! A protected call carries its fields encrypted ([`DataKey`], AES-256-GCM or SM4-GCM), and the encrypted body is
//! signed ([`SigningKey`], RSA-PSS with SHA-256 or SM2 with SM3). WeChat answers the same way, signed with the key of
//! the certificate the console shows ([`VerifyingKey`]). Both ends are here: [`seal`] and [`open`] for either
//! direction, and [`open_reply`] with all the checks a client owes itself.
//!
//! Time and random bytes are arguments. One exception: the salt of an RSA-PSS signature is drawn by the library that
//! makes it.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/getting_started/api_signature.html>

mod data_key;
mod pem;
mod reply;
mod signing;

use std::fmt;

use serde_json::{Map, Value};

pub use self::data_key::{DataKey, IV};
pub use self::reply::{Reply, open_reply};
pub use self::signing::{SigningKey, VerifyingKey};
use crate::AppId;

/// How far an answer's time may be from ours in either direction, in seconds.
pub const MAX_AGE_S: i64 = 300;

/// The three fields every protected object has beside its own.
const NONCE: &str = "_n";
const APP_ID: &str = "_appid";
const TIMESTAMP: &str = "_timestamp";

/// What a call and its answer are bound to.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Scheme, host and path without query, as `https://api.weixin.qq.com/wxa/getuserriskrank`.
    pub url: &'a str,
    /// The mini program.
    pub app_id: &'a AppId,
    /// Seconds since the Unix epoch, as in the header `Wechatmp-TimeStamp`.
    pub timestamp: i64,
}

impl Context<'_> {
    /// What the encryption is bound to beside the key.
    fn associated_data(&self, number: &str) -> String {
        format!("{}|{}|{}|{number}", self.url, self.app_id, self.timestamp)
    }

    /// What is signed.
    fn signing_text(&self, body: &[u8]) -> Vec<u8> {
        let mut text = format!("{}\n{}\n{}\n", self.url, self.app_id, self.timestamp).into_bytes();
        text.extend_from_slice(body);
        text
    }
}

/// Encrypts the fields of a call or an answer. The text is the body, to be sent byte for byte as it is signed.
///
/// `nonce` is text of 16 to 32 random bytes; `iv` must be fresh for every body.
///
/// # Errors
///
/// [`Reason::TooLong`] for more than GCM can take (64 GiB).
pub fn seal(
    context: &Context<'_>,
    key: &DataKey,
    mut fields: Map<String, Value>,
    nonce: &str,
    iv: [u8; IV],
) -> Result<String, ApiSignatureError> {
    fields.insert(NONCE.to_owned(), nonce.into());
    fields.insert(APP_ID.to_owned(), context.app_id.as_str().into());
    fields.insert(TIMESTAMP.to_owned(), context.timestamp.into());
    let plain = Value::Object(fields).to_string();
    key.encrypt(&context.associated_data(key.number()), plain.into_bytes(), iv)
}

/// Decrypts a body and gives the fields without the three that only protect. The signature is the caller's business.
///
/// # Errors
///
/// One error for every failure; its [reason](ApiSignatureError::reason) tells them apart.
pub fn open(context: &Context<'_>, key: &DataKey, body: &[u8]) -> Result<Map<String, Value>, ApiSignatureError> {
    let plain = key.decrypt(&context.associated_data(key.number()), body)?;
    let plain = str::from_utf8(&plain).map_err(|_| Reason::Fields)?;
    let (value, _) = crate::json::parse(plain.as_bytes()).map_err(|_| Reason::Fields)?;
    let Value::Object(mut fields) = value else { return Err(Reason::Fields.into()) };
    fields.remove(NONCE);
    let (app_id, timestamp) = (fields.remove(APP_ID), fields.remove(TIMESTAMP));
    let ours = app_id.as_ref().and_then(Value::as_str) == Some(context.app_id.as_str());
    let now = timestamp.as_ref().and_then(Value::as_i64) == Some(context.timestamp);
    if ours && now { Ok(fields) } else { Err(Reason::Context.into()) }
}

/// A protected body could not be made or was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the protected call was refused: {reason}")]
pub struct ApiSignatureError {
    reason: Reason,
}

impl ApiSignatureError {
    /// The cause.
    #[must_use]
    pub const fn reason(self) -> Reason {
        self.reason
    }
}

impl From<Reason> for ApiSignatureError {
    fn from(reason: Reason) -> Self {
        Self { reason }
    }
}

/// Why a protected body was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The headers are for another account.
    AppId,
    /// The headers are too old, or from the future.
    Age,
    /// None of the certificates has the number the headers name.
    Certificate,
    /// The signature does not fit.
    Signature,
    /// The body is no object of `iv`, `data` and `authtag`.
    Envelope,
    /// It does not open: another key, another path, another time, or changed on the way.
    Cipher,
    /// What came out is no JSON object.
    Fields,
    /// What came out is bound to another account or time.
    Context,
    /// Too long to be encrypted, or the key cannot sign it.
    TooLong,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AppId => "it names another account",
            Self::Age => "its time is more than five minutes from ours",
            Self::Certificate => "it is signed with a certificate we do not have; download it in the console",
            Self::Signature => "its signature does not fit the certificate",
            Self::Envelope => "it is no object of iv, data and authtag",
            Self::Cipher => "it does not open with the symmetric key; compare key and number with the console",
            Self::Fields => "it holds no JSON object",
            Self::Context => "it is bound to another account or time",
            Self::TooLong => "it is too long",
        })
    }
}

/// A key could not be read. The key itself is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The console shows a number with every key; it binds what the key does.
    #[error("the key has no number; copy it from the console beside the key")]
    Number,
    /// Not Base64 of 32 bytes (AES-256) or 16 bytes (SM4).
    #[error("the symmetric key is not Base64 of {bytes} bytes; copy it again from the console")]
    Symmetric {
        /// How many it should be.
        bytes: usize,
    },
    /// Not a PEM block of the right kind.
    #[error("the key is no PEM block of a {kind}; it begins with -----BEGIN")]
    Pem {
        /// What it should be.
        kind: &'static str,
    },
    /// A PEM block that holds something else.
    #[error("the PEM block holds no {kind}")]
    Content {
        /// What it should hold.
        kind: &'static str,
    },
}
