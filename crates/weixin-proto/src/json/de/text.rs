use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize as _, Deserializer};

use crate::id::{Id, Kind};

/// A `String` from a text, a whole number or a boolean.
///
/// # Errors
///
/// Anything else, also a number too large for 64 bits: its digits would be lost.
pub fn string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    deserializer.deserialize_any(Text)?.ok_or_else(|| Error::invalid_type(Unexpected::Unit, &Text))
}

/// As [`string`]; `null` and the empty text are `None`.
///
/// # Errors
///
/// As [`string`].
pub fn opt_string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(deserializer.deserialize_any(Text)?.filter(|text| !text.is_empty()))
}

/// A text that people read, such as a nickname: as [`string`], but `null` is the empty text, and control characters
/// (C0, DEL and C1) are taken out. Everything else stays as it was sent, private-use emoji and joiners included.
///
/// # Errors
///
/// As [`string`].
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let mut text = deserializer.deserialize_any(Text)?.unwrap_or_default();
    text.retain(|character| !character.is_control());
    Ok(text)
}

/// An [`Id`] that may be absent: `null` and the empty text are `None`.
///
/// # Errors
///
/// Not a text, or one outside printable ASCII.
pub fn opt_id<'de, K: Kind, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Id<K>>, D::Error> {
    Ok(Option::<Id<K>>::deserialize(deserializer)?.filter(|id| !id.is_empty()))
}

struct Text;

impl<'de> Visitor<'de> for Text {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a whole number or a boolean")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Some(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Self::Value, E> {
        Ok(Some(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        // Written with a fraction it is printed as Rust prints it; without one it was too large and has lost digits.
        if value.fract() == 0.0 {
            return Err(E::invalid_value(Unexpected::Other("a number that may have lost digits"), &self));
        }
        Ok(Some(value.to_string()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}
