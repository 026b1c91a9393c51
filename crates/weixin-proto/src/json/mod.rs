//! JSON as WeChat really sends it.
//!
//! WeChat's answers are JSON nearly always. Now and then a nickname carries a raw control character, a stray
//! backslash, half an emoji or broken UTF-8; some gateways put a byte order mark in front or zero bytes behind.
//! [`from_slice`] and [`parse`] read all of that: `serde_json` first, on the bytes as they are, and only when it
//! refuses them the [repair](Repairs), which is counted so that a metric can show it.
//!
//! Valid JSON therefore means exactly what `serde_json` says it means, and costs no more. The content type of an
//! answer says nothing about it and is not looked at.
//!
//! [`de`] has the helpers for fields whose type WeChat changes its mind about.

pub mod de;
mod error;
mod repair;

use ::serde::de::DeserializeOwned;

pub use error::{JsonError, JsonErrorKind};
pub use repair::Repairs;
pub(crate) use repair::repair;

/// Reads any JSON, repaired where necessary.
///
/// The last of several equal keys wins, as `serde_json` has it.
///
/// # Errors
///
/// Empty, cut short, not JSON, or nested deeper than 128 levels.
pub fn parse(bytes: &[u8]) -> Result<(serde_json::Value, Repairs), JsonError> {
    decode(bytes)
}

/// Reads a `T`, repaired where necessary. See [`decode`] for the count of repairs.
///
/// # Errors
///
/// As [`decode`].
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    decode(bytes).map(|(value, _)| value)
}

/// Reads a `T` and tells what had to be repaired.
///
/// `T` is read from the bytes themselves, not from a [`serde_json::Value`]: a field that `T` knows and that is there
/// twice is refused instead of the last one winning, and numbers keep all their digits.
///
/// # Errors
///
/// Empty, cut short, not JSON, nested deeper than 128 levels, or not the shape of a `T`. The error names places and
/// fields, never a value.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, Repairs), JsonError> {
    let refusal = match serde_json::from_slice(bytes) {
        Ok(value) => return Ok((value, Repairs::default())),
        Err(refusal) => refusal,
    };
    let (text, repairs) = repair::repair(bytes);
    if repairs.is_clean() {
        return Err(JsonError::from_serde(bytes, &refusal));
    }
    match serde_json::from_str(&text) {
        Ok(value) => Ok((value, repairs)),
        Err(refusal) => Err(JsonError::from_serde(text.as_bytes(), &refusal)),
    }
}
