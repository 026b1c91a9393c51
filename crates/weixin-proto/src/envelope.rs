//! The encrypted envelope of callbacks (safe mode): AES-256-CBC around a small frame.
//!
//! The frame is 16 random bytes, the length of the message (4 bytes, network order), the message, and the appid it is
//! meant for, filled up to a multiple of 32 by bytes that say how many they are. The initialisation vector is the
//! first half of the key.
//!
//! [`open_verified`] is the way in for a callback: the signature is checked first, then the envelope is opened.
//! [`open`] alone proves nothing about the sender.
//!
//! From outside every failure looks the same ([`EnvelopeError`] has one text); [`EnvelopeError::reason`] is for our
//! own eyes.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html>

use ::base64::Engine as _;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, InnerIvInit as _};

use crate::base64::STANDARD;
use crate::{AesKey, AppId, CallbackToken, padding, sign};

/// The frame is filled up to a multiple of this; not AES's own 16.
const BLOCK: usize = 32;
/// Random bytes in front of everything.
const RANDOM: usize = 16;
/// Bytes of the message's length.
const LENGTH: usize = 4;

/// Encrypts a message for the account `app_id`; the answer is the Base64 text of `Encrypt`.
///
/// `random` must be fresh for every message: equal beginnings would show as equal beginnings.
///
/// # Errors
///
/// [`Reason::TooLong`] when the message does not fit the four bytes of its length (4 GiB).
pub fn seal(key: &AesKey, app_id: &AppId, message: &[u8], random: [u8; RANDOM]) -> Result<String, EnvelopeError> {
    let length = u32::try_from(message.len()).map_err(|_| Reason::TooLong)?;
    let content = RANDOM + LENGTH + message.len() + app_id.as_str().len();
    let fill = BLOCK - content % BLOCK;
    let mut frame = Vec::with_capacity(content + fill);
    frame.extend_from_slice(&random);
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(message);
    frame.extend_from_slice(app_id.as_str().as_bytes());
    frame.resize(content + fill, u8::try_from(fill).map_err(|_| Reason::TooLong)?);
    let filled = frame.len();
    cbc::Encryptor::inner_iv_init(key.cipher(), &iv(key).into())
        .encrypt_padded::<NoPadding>(&mut frame, filled)
        .map_err(|_| Reason::TooLong)?;
    Ok(STANDARD.encode(&frame))
}

/// Decrypts the Base64 text of `Encrypt` that was meant for the account `app_id`.
///
/// Keys are tried in the order given: the current one first, then the previous one, which WeChat goes on using for a
/// while after a change. The fill is checked whole (1 to 32, all bytes equal), the length must fit, the appid must be
/// ours (spaces behind it are forgiven); all of it in constant time for one length of input.
///
/// # Errors
///
/// One error for every failure. Its [reason](EnvelopeError::reason) is that of the first key, or
/// [`Reason::AppId`] when some key opened an envelope meant for another account.
pub fn open<'k>(
    keys: impl IntoIterator<Item = &'k AesKey>,
    app_id: &AppId,
    encrypt: &str,
) -> Result<Vec<u8>, EnvelopeError> {
    open_counted(keys, app_id, encrypt).map(|(message, _)| message)
}

/// As [`open`]; tells too which of the keys it was, counted from 0.
fn open_counted<'k>(
    keys: impl IntoIterator<Item = &'k AesKey>,
    app_id: &AppId,
    encrypt: &str,
) -> Result<(Vec<u8>, usize), EnvelopeError> {
    let mut sealed = STANDARD.decode(encrypt).map_err(|_| Reason::Base64)?;
    if sealed.is_empty() || sealed.len() % BLOCK != 0 {
        return Err(Reason::Size.into());
    }
    let mut first = None;
    let mut keys = keys.into_iter().enumerate().peekable();
    while let Some((at, key)) = keys.next() {
        // The bytes are decrypted in place; only with another key to try they are needed again.
        let frame = if keys.peek().is_some() { sealed.clone() } else { std::mem::take(&mut sealed) };
        match open_with(key, app_id, frame) {
            Ok(message) => return Ok((message, at)),
            Err(Reason::AppId) => first = Some(Reason::AppId),
            Err(reason) => first = first.or(Some(reason)),
        }
    }
    Err(first.unwrap_or(Reason::NoKey).into())
}

/// What arrived of an encrypted callback: the `Encrypt` text of the body and three values of the query.
#[derive(Debug, Clone, Copy)]
pub struct Sealed<'a> {
    /// `Encrypt`, the Base64 text as it stood in the body.
    pub encrypt: &'a str,
    /// `msg_signature` of the query; not `signature`, which does not cover the body.
    pub msg_signature: &'a str,
    /// `timestamp` of the query, as digits.
    pub timestamp: &'a str,
    /// `nonce` of the query.
    pub nonce: &'a str,
}

/// Checks the signature, then [opens](open) the envelope.
///
/// Several tokens are accepted for the time in which the console's token is being changed. Whether `timestamp` is
/// fresh is the caller's business: there is no clock here.
///
/// # Errors
///
/// One error for every failure; [`Reason::Signature`] when no token fits, and then nothing was decrypted.
pub fn open_verified<'t, 'k>(
    tokens: impl IntoIterator<Item = &'t CallbackToken>,
    keys: impl IntoIterator<Item = &'k AesKey>,
    app_id: &AppId,
    sealed: Sealed<'_>,
) -> Result<Vec<u8>, EnvelopeError> {
    open_verified_by(tokens, keys, app_id, sealed).map(|(message, _)| message)
}

/// Which of several tokens and keys fitted, each counted from 0. An answer has to be sealed with the same ones: the
/// sender may not know the others yet, or any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fitted {
    /// Which token.
    pub token: usize,
    /// Which key.
    pub key: usize,
}

/// As [`open_verified`]; tells too which token and which key it was.
///
/// # Errors
///
/// As [`open_verified`].
pub fn open_verified_by<'t, 'k>(
    tokens: impl IntoIterator<Item = &'t CallbackToken>,
    keys: impl IntoIterator<Item = &'k AesKey>,
    app_id: &AppId,
    sealed: Sealed<'_>,
) -> Result<(Vec<u8>, Fitted), EnvelopeError> {
    let Sealed { encrypt, msg_signature, timestamp, nonce } = sealed;
    let mut fitting = None;
    for (at, token) in tokens.into_iter().enumerate() {
        // All are tried, so that the time does not tell which one it was.
        let fits = sign::verify_msg(token.expose(), timestamp, nonce, encrypt, msg_signature);
        fitting = fitting.or(fits.then_some(at));
    }
    let token = fitting.ok_or(Reason::Signature)?;
    let (message, key) = open_counted(keys, app_id, encrypt)?;
    Ok((message, Fitted { token, key }))
}

/// The initialisation vector: the first half of the key.
fn iv(key: &AesKey) -> [u8; 16] {
    key.expose().first_chunk().copied().unwrap_or_default()
}

fn open_with(key: &AesKey, app_id: &AppId, mut frame: Vec<u8>) -> Result<Vec<u8>, Reason> {
    cbc::Decryptor::inner_iv_init(key.cipher(), &iv(key).into())
        .decrypt_padded::<NoPadding>(&mut frame)
        .map_err(|_| Reason::Size)?;
    let fill = padding::length::<BLOCK>(&frame).ok_or(Reason::Fill)?;
    frame.truncate(frame.len().saturating_sub(fill));

    let rest = frame.get(RANDOM..).ok_or(Reason::Frame)?;
    let (length, rest) = rest.split_first_chunk::<LENGTH>().ok_or(Reason::Frame)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Reason::Frame)?;
    let (_, receiver) = rest.split_at_checked(length).ok_or(Reason::Frame)?;
    let ours = trim_spaces(app_id.as_str().as_bytes());
    if ours.is_empty() || !sign::ct_eq(trim_spaces(receiver), ours) {
        return Err(Reason::AppId);
    }
    frame.truncate(RANDOM.saturating_add(LENGTH).saturating_add(length));
    frame.drain(..RANDOM.saturating_add(LENGTH));
    Ok(frame)
}

/// Some senders pad the appid.
fn trim_spaces(text: &[u8]) -> &[u8] {
    let mut text = text;
    while let Some(shorter) = text.strip_suffix(b" ") {
        text = shorter;
    }
    text
}

/// An envelope could not be made or opened. One text for every cause: a sender who is told the cause can guess
/// his way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the encrypted message was refused")]
pub struct EnvelopeError {
    reason: Reason,
}

impl EnvelopeError {
    /// The cause, for our own logs and diagnosis. Never for the sender.
    #[must_use]
    pub const fn reason(self) -> Reason {
        self.reason
    }
}

impl From<Reason> for EnvelopeError {
    fn from(reason: Reason) -> Self {
        Self { reason }
    }
}

/// Why an envelope was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The signature fits none of our tokens: not from WeChat, or the token of the console is another one.
    Signature,
    /// `Encrypt` is not Base64.
    Base64,
    /// What it decodes to is empty or no multiple of 32 bytes.
    Size,
    /// There is no key to try.
    NoKey,
    /// The fill at the end is not right: nearly always the wrong `EncodingAESKey`.
    Fill,
    /// The length inside does not fit.
    Frame,
    /// It is meant for another account.
    AppId,
    /// Too long to be sealed.
    TooLong,
}

impl Reason {
    /// The number WeChat's sample libraries use for this, as people find it in forums.
    #[must_use]
    pub const fn sample_code(self) -> i64 {
        match self {
            Self::Signature => -40001,
            Self::NoKey => -40004,
            Self::AppId => -40005,
            Self::TooLong => -40006,
            Self::Fill => -40007,
            Self::Size | Self::Frame => -40008,
            Self::Base64 => -40010,
        }
    }
}
