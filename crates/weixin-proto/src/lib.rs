//! The WeChat wire without I/O: what WeChat sends and expects, as types and pure functions.
//!
//! # What it is for
//!
//! The SDK and the emulator of WeChat sit on opposite ends of the same wire. Both take from here the words of that
//! wire and nothing else: identifiers, secrets, the table of error codes, signatures, the encrypted envelope of
//! callbacks and what is in them, the encrypted user data of mini programs, and a JSON reader that survives what
//! WeChat really sends.
//!
//! # What it deliberately does not know
//!
//! No endpoint, no request or response type, no HTTP. No clock, no randomness, no environment, no async: time and
//! random bytes are arguments (the salt of an RSA signature excepted). Nothing is logged here; every error is a value.
//!
//! # Map
//!
//! | module | holds |
//! |---|---|
//! | [`id`] | [`AppId`], [`OpenId`], [`UnionId`] …: one type, a marker per kind, so the wrong one does not compile |
//! | [`secret`] | [`AppSecret`], [`SessionKey`], [`AesKey`] …: no `Display`, a fixed `Debug`, wiped on drop |
//! | [`errcode`] | every known error code with its class, meaning and next step; unknown ones survive as numbers |
//! | [`errmsg`] | takes the request id and the hints out of an `errmsg` |
//! | [`sign`] | the SHA-1 and HMAC signatures, and their checks in constant time |
//! | [`envelope`] | seals and opens the AES envelope of callbacks (safe mode) |
//! | [`callback`] | pushes verified, decrypted and read as typed messages and events; passive replies written |
//! | [`api_signature`] | server calls encrypted and signed, and the answers to them (RSA and AES, SM2 and SM4) |
//! | [`user_data`] | opens `encryptedData` of mini programs, watermark checked |
//! | [`json`] | tolerant JSON, and [`json::de`] for fields whose type WeChat changes its mind about |
//!
//! # How to add the next one
//!
//! An error code is one row in the family file it belongs to under `errcode/` (the build fails when it is there
//! twice). An identifier or a secret is one line in the list of its module. A signature is one function in [`sign`]
//! with its vector under `tests/vectors/`. A message, an event or a reply is one file in its folder under `callback/`.

pub mod api_signature;
mod base64;
pub mod callback;
pub mod envelope;
pub mod errcode;
pub mod errmsg;
pub mod id;
pub mod json;
mod padding;
pub mod secret;
pub mod sign;
pub mod user_data;

pub use errcode::{Class, ErrCode};
pub use id::{AppId, Id, MediaId, OpenId, OriginalId, TemplateId, UnionId};
pub use secret::{
    AccessTokenValue, AesKey, AppSecret, CallbackToken, OneTimeCode, RefreshTokenValue, Secret, SessionKey, TicketValue,
};
