//! `encryptedData` of mini programs: AES-128-CBC under the session key, with a watermark inside.
//!
//! Whoever can send us `encryptedData` also chooses its bytes, so from outside every failure looks the same
//! ([`UserDataError`] has one text); [`UserDataError::reason`] is for our own eyes.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html>

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use aes::Aes128;
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::base64::LENIENT;
use crate::{AppId, SessionKey, json, padding, sign};

/// Bytes of the key, of the initialisation vector and of a block.
const BLOCK: usize = 16;

/// Decrypts what `wx.getUserInfo` and its siblings delivered, and checks whom and when it was made for.
///
/// `encrypted_data` and `iv` are Base64 as the mini program got them. `now_s` is the current time, `max_age_s` how
/// far the watermark may be from it in either direction, both in seconds. Fields nobody knows yet are kept.
///
/// # Errors
///
/// One error for every failure. When it happens with honest clients, the session key is stale: `wx.login` was called
/// again in between.
pub fn decrypt(
    session_key: &SessionKey,
    encrypted_data: &str,
    iv: &str,
    app_id: &AppId,
    now_s: i64,
    max_age_s: i64,
) -> Result<Value, UserDataError> {
    let (key, iv) = (key(session_key)?, block(iv).ok_or(Reason::Iv)?);
    let mut data = Zeroizing::new(LENIENT.decode(encrypted_data).map_err(|_| Reason::Data)?);
    if data.is_empty() || data.len() % BLOCK != 0 {
        return Err(Reason::Data.into());
    }
    cbc::Decryptor::<Aes128>::new(&(*key).into(), &(*iv).into())
        .decrypt_padded::<NoPadding>(&mut data)
        .map_err(|_| Reason::Data)?;
    let fill = padding::length::<BLOCK>(&data).ok_or(Reason::Fill)?;
    let plain = data.len().checked_sub(fill).and_then(|end| data.get(..end)).ok_or(Reason::Fill)?;

    // Broken UTF-8 is not repaired here as in an answer: it is what a wrong key makes of the text.
    let plain = str::from_utf8(plain).map_err(|_| Reason::Json)?;
    let (value, _) = json::parse(plain.as_bytes()).map_err(|_| Reason::Json)?;
    let watermark = value.get("watermark").ok_or(Reason::Watermark)?;
    let watermark = Watermark::deserialize(watermark).map_err(|_| Reason::Watermark)?;
    if app_id.is_empty() || !sign::ct_eq(watermark.appid.as_bytes(), app_id.as_str().as_bytes()) {
        return Err(Reason::AppId.into());
    }
    if now_s.abs_diff(watermark.timestamp) > max_age_s.max(0).unsigned_abs() {
        return Err(Reason::Age.into());
    }
    Ok(value)
}

/// The other direction, as WeChat does it: for the emulator and for tests. The answer is Base64.
///
/// # Errors
///
/// [`Reason::SessionKey`] when that is not Base64 of 16 bytes.
pub fn encrypt(session_key: &SessionKey, iv: [u8; BLOCK], plain: &[u8]) -> Result<String, UserDataError> {
    let key = key(session_key)?;
    Ok(STANDARD.encode(cbc::Encryptor::<Aes128>::new(&(*key).into(), &iv.into()).encrypt_padded_vec::<Pkcs7>(plain)))
}

#[derive(Deserialize)]
struct Watermark {
    appid: String,
    #[serde(deserialize_with = "json::de::int")]
    timestamp: i64,
}

fn key(session_key: &SessionKey) -> Result<Zeroizing<[u8; BLOCK]>, Reason> {
    block(session_key.expose()).ok_or(Reason::SessionKey)
}

fn block(base64: &str) -> Option<Zeroizing<[u8; BLOCK]>> {
    let decoded = Zeroizing::new(LENIENT.decode(base64).ok()?);
    decoded.as_slice().try_into().ok().map(Zeroizing::new)
}

/// User data could not be decrypted, or is not for us. One text for every cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the encrypted user data was refused")]
pub struct UserDataError {
    reason: Reason,
}

impl UserDataError {
    /// The cause, for our own logs and diagnosis. Never for the client.
    #[must_use]
    pub const fn reason(self) -> Reason {
        self.reason
    }
}

impl From<Reason> for UserDataError {
    fn from(reason: Reason) -> Self {
        Self { reason }
    }
}

/// Why user data was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The session key is not Base64 of 16 bytes.
    SessionKey,
    /// The initialisation vector is not Base64 of 16 bytes.
    Iv,
    /// The data is not Base64 of whole blocks.
    Data,
    /// The fill at the end is not right: nearly always a stale session key.
    Fill,
    /// What came out is not JSON in UTF-8.
    Json,
    /// There is no watermark.
    Watermark,
    /// It is meant for another account.
    AppId,
    /// It is too old, or from the future.
    Age,
}
