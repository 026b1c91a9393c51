use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Unexpected, Visitor};

/// An `i64` from a number or from a text of digits.
///
/// # Errors
///
/// No whole number, or one that does not fit.
pub fn int<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    whole(deserializer)
}

/// A `u64` from a number or from a text of digits; for message ids.
///
/// # Errors
///
/// No whole number, or one that does not fit.
pub fn uint<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    whole(deserializer)
}

/// As [`int`]; `null` and the empty text are `None`.
///
/// # Errors
///
/// No whole number, or one that does not fit.
pub fn opt_int<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    deserializer.deserialize_any(Whole(PhantomData))
}

/// As [`uint`]; `null` and the empty text are `None`.
///
/// # Errors
///
/// No whole number, or one that does not fit.
pub fn opt_uint<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    deserializer.deserialize_any(Whole(PhantomData))
}

/// A `bool` from a boolean, from 0 and 1, or from a text of these; `null` and the empty text are `false`.
///
/// # Errors
///
/// Anything else.
pub fn boolish<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    deserializer.deserialize_any(Boolish)
}

fn whole<'de, N: Number, D: Deserializer<'de>>(deserializer: D) -> Result<N, D::Error> {
    deserializer
        .deserialize_any(Whole(PhantomData))?
        .ok_or_else(|| Error::invalid_value(Unexpected::Other("nothing"), &N::EXPECTED))
}

/// The two integers, told apart by what fits.
trait Number: Sized {
    const EXPECTED: &'static str;
    fn from_wide(value: i128) -> Option<Self>;
}

impl Number for i64 {
    const EXPECTED: &'static str = "a whole number of 64 bits, as number or text";
    fn from_wide(value: i128) -> Option<Self> {
        Self::try_from(value).ok()
    }
}

impl Number for u64 {
    const EXPECTED: &'static str = "a whole number of 64 bits that is not negative, as number or text";
    fn from_wide(value: i128) -> Option<Self> {
        Self::try_from(value).ok()
    }
}

struct Whole<N>(PhantomData<N>);

impl<N: Number> Whole<N> {
    fn fit<E: Error>(value: i128) -> Result<Option<N>, E> {
        N::from_wide(value).map(Some).ok_or_else(|| Self::refuse("a number that does not fit"))
    }

    fn refuse<E: Error>(found: &str) -> E {
        E::invalid_value(Unexpected::Other(found), &N::EXPECTED)
    }
}

impl<'de, N: Number> Visitor<'de> for Whole<N> {
    type Value = Option<N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(N::EXPECTED)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Self::fit(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Self::fit(value.into())
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Self::Value, E> {
        Self::fit(value)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Self::Value, E> {
        i128::try_from(value).map_err(|_| Self::refuse("a number that does not fit")).and_then(Self::fit)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        exact(value)
            .map_or_else(|| Err(Self::refuse("a number with a fraction or lost digits")), |n| Self::fit(n.into()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Self::fit(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        match value.trim() {
            "" => Ok(None),
            digits => match digits.parse::<i128>() {
                Ok(number) => Self::fit(number),
                Err(_) => Err(Self::refuse("a text that is no number")),
            },
        }
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

/// The integer a float stands for exactly.
///
/// Digits with a point are read to within the last bit, so from about 2^52 on one integer may come out as the next.
/// Below 2^50 such an error shows as a fraction and is refused.
#[allow(clippy::cast_possible_truncation, reason = "whole and within 2^50, checked in the same line")]
fn exact(value: f64) -> Option<i64> {
    const LIMIT: f64 = 1_125_899_906_842_624.0;
    (value.fract() == 0.0 && value.abs() < LIMIT).then_some(value as i64)
}

struct Boolish;

impl<'de> Visitor<'de> for Boolish {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true, false, 0 or 1, as such or as text")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<bool, E> {
        Ok(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<bool, E> {
        match value {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(E::invalid_value(Unexpected::Other("another number"), &self)),
        }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<bool, E> {
        i64::try_from(value)
            .map_err(|_| E::invalid_value(Unexpected::Other("another number"), &self))
            .and_then(|value| self.visit_i64(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<bool, E> {
        match value.trim() {
            "" | "0" | "false" | "False" | "FALSE" => Ok(false),
            "1" | "true" | "True" | "TRUE" => Ok(true),
            _ => Err(E::invalid_value(Unexpected::Other("another text"), &self)),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_none<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    type Read<T> = fn(serde_json::Value) -> Result<T, serde_json::Error>;

    fn read<T>(with: Read<T>, json: &str) -> Option<T> {
        with(serde_json::from_str(json).unwrap()).ok()
    }

    #[rstest]
    #[case("7", Some(7))]
    #[case("-1", Some(-1))]
    #[case("\"7\"", Some(7))]
    #[case("\" -7 \"", Some(-7))]
    #[case("\"+7\"", Some(7))]
    #[case("7.0", Some(7))]
    #[case("7e3", Some(7000))]
    #[case("true", Some(1))]
    #[case("9007199254740993", Some(9_007_199_254_740_993))]
    #[case("\"9223372036854775807\"", Some(i64::MAX))]
    #[case("9223372036854775808", None)]
    #[case("1125899906842623.0", Some(1_125_899_906_842_623))]
    #[case("1125899906842624.0", None)]
    #[case("-1125899906842624.0", None)]
    #[case("1e16", None)]
    #[case("7.5", None)]
    #[case("\"\"", None)]
    #[case("null", None)]
    #[case("\"seven\"", None)]
    #[case("\"7.5\"", None)]
    #[case("[7]", None)]
    #[case("{}", None)]
    fn whole_numbers(#[case] json: &str, #[case] expected: Option<i64>) {
        assert_eq!(read(super::int, json), expected);
    }

    #[rstest]
    #[case("18446744073709551615", Some(u64::MAX))]
    #[case("\"18446744073709551615\"", Some(u64::MAX))]
    #[case("18446744073709551616", None)]
    #[case("-1", None)]
    #[case("\"-1\"", None)]
    #[case("false", Some(0))]
    fn whole_numbers_that_are_not_negative(#[case] json: &str, #[case] expected: Option<u64>) {
        assert_eq!(read(super::uint, json), expected);
    }

    #[rstest]
    #[case("null", Some(None))]
    #[case("\" \"", Some(None))]
    #[case("7", Some(Some(7)))]
    #[case("\"x\"", None)]
    fn numbers_that_may_be_absent(#[case] json: &str, #[case] expected: Option<Option<i64>>) {
        assert_eq!(read(super::opt_int, json), expected);
        assert_eq!(read(super::opt_uint, json), expected.map(|inner| inner.map(i64::unsigned_abs)));
    }

    #[rstest]
    #[case("true", Some(true))]
    #[case("1", Some(true))]
    #[case("\"1\"", Some(true))]
    #[case("\"True\"", Some(true))]
    #[case("0", Some(false))]
    #[case("\"false\"", Some(false))]
    #[case("\"\"", Some(false))]
    #[case("null", Some(false))]
    #[case("2", None)]
    #[case("-1", None)]
    #[case("18446744073709551615", None)]
    #[case("\"yes\"", None)]
    #[case("[]", None)]
    fn booleans(#[case] json: &str, #[case] expected: Option<bool>) {
        assert_eq!(read(super::boolish, json), expected);
    }
}
