//! What somebody does, and how it is to be delivered.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::report::{DeliveryFormat, DeliveryMode};

/// How a message or event is to be delivered; all fields may be left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryOptions {
    /// The same body so often, at once; each copy has its own three attempts. 0 and 1 are the same; 100 at most.
    pub copies: u32,
    /// Each copy waits a random part of `delay_ms`, or of a second when that is 0: copies and messages overtake.
    pub shuffle: bool,
    /// Real milliseconds before the first attempt; ten minutes at most.
    pub delay_ms: u64,
    /// Another mode than the account's.
    pub mode: Option<DeliveryMode>,
    /// Another format than the account's.
    pub format: Option<DeliveryFormat>,
    /// `CreateTime`, seconds; the emulated time when left out.
    pub create_time: Option<i64>,
    /// `MsgId`, a number or its digits; a fresh one when left out.
    pub msg_id: Option<Value>,
    /// `timestamp` of the signed address, seconds; the emulated time when left out.
    pub timestamp: Option<i64>,
    /// Fields by WeChat's names, put over those of the body or added to it; null takes one out.
    pub fields: Map<String, Value>,
}

/// Most copies of one body.
const MOST_COPIES: u32 = 100;
/// Longest pause.
const LONGEST_MS: u64 = 600_000;

const NAMES: [&str; 9] =
    ["copies", "shuffle", "delay_ms", "mode", "format", "create_time", "msg_id", "timestamp", "fields"];

impl DeliveryOptions {
    /// Takes the options out of a call's fields.
    pub(crate) fn take(given: &mut Map<String, Value>) -> Result<Self, String> {
        let named = NAMES.iter().filter_map(|name| given.remove_entry(*name));
        let options: Self =
            serde_json::from_value(Value::Object(named.collect())).map_err(|error| error.to_string())?;
        options.check()?;
        Ok(options)
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        if self.copies > MOST_COPIES {
            return Err(format!("copies is {}; it must be 1–{MOST_COPIES}", self.copies));
        }
        if self.delay_ms > LONGEST_MS {
            return Err(format!("delay_ms is {}; it must be at most {LONGEST_MS}", self.delay_ms));
        }
        self.message_id().map(|_| ())
    }

    /// The number asked for.
    pub(crate) fn message_id(&self) -> Result<Option<u64>, String> {
        let number = match &self.msg_id {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Number(number)) => number.as_u64(),
            Some(Value::String(digits)) => digits.parse().ok(),
            Some(_) => None,
        };
        number.map(Some).ok_or_else(|| "msg_id must be a whole number of at most 64 bits, or its digits".to_owned())
    }
}

/// Something a person does that an account is told of.
///
/// ```
/// use weixin_emulator::Act;
///
/// let act = Act::event("CLICK").key("V1001").copies(3).shuffle();
/// let act = Act::message("location").with("label", "北京").with("scale", 12);
/// # let _ = act;
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    pub(crate) is_message: bool,
    pub(crate) name: String,
    pub(crate) given: Map<String, Value>,
    pub(crate) options: DeliveryOptions,
}

impl Act {
    /// A message of this `MsgType`.
    #[must_use]
    pub fn message(kind: impl Into<String>) -> Self {
        Self { is_message: true, name: kind.into(), given: Map::new(), options: DeliveryOptions::default() }
    }

    /// An event of this name.
    #[must_use]
    pub fn event(name: impl Into<String>) -> Self {
        Self { is_message: false, ..Self::message(name) }
    }

    /// A text message.
    #[must_use]
    pub fn text(content: impl Into<String>) -> Self {
        Self::message("text").with("Content", content.into())
    }

    /// A field, by WeChat's name in any spelling: `EventKey`, `event_key`, or the short name the catalogue gives.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.given.insert(field.to_owned(), value.into());
        self
    }

    /// The `EventKey`.
    #[must_use]
    pub fn key(self, key: impl Into<String>) -> Self {
        self.with("EventKey", key.into())
    }

    /// All options at once.
    #[must_use]
    pub fn options(mut self, options: DeliveryOptions) -> Self {
        self.options = options;
        self
    }

    /// See [`DeliveryOptions::copies`].
    #[must_use]
    pub fn copies(mut self, copies: u32) -> Self {
        self.options.copies = copies;
        self
    }

    /// See [`DeliveryOptions::shuffle`].
    #[must_use]
    pub fn shuffle(mut self) -> Self {
        self.options.shuffle = true;
        self
    }

    /// See [`DeliveryOptions::mode`].
    #[must_use]
    pub fn mode(mut self, mode: DeliveryMode) -> Self {
        self.options.mode = Some(mode);
        self
    }

    /// See [`DeliveryOptions::format`].
    #[must_use]
    pub fn format(mut self, format: DeliveryFormat) -> Self {
        self.options.format = Some(format);
        self
    }

    /// See [`DeliveryOptions::create_time`].
    #[must_use]
    pub fn create_time(mut self, seconds: i64) -> Self {
        self.options.create_time = Some(seconds);
        self
    }

    /// See [`DeliveryOptions::msg_id`].
    #[must_use]
    pub fn msg_id(mut self, id: u64) -> Self {
        self.options.msg_id = Some(id.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn options_are_taken_out_and_checked() {
        let Value::Object(mut given) =
            json!({ "key": "k", "copies": 3, "mode": "safe", "msg_id": "18446744073709551615" })
        else {
            unreachable!()
        };
        let options = DeliveryOptions::take(&mut given).unwrap();
        assert_eq!((options.copies, options.mode), (3, Some(DeliveryMode::Safe)));
        assert_eq!(options.message_id(), Ok(Some(u64::MAX)));
        assert_eq!(Value::Object(given), json!({ "key": "k" }));
        for (wrong, word) in [
            (json!({ "copies": 101 }), "copies"),
            (json!({ "delay_ms": 600_001 }), "delay_ms"),
            (json!({ "mode": "open" }), "open"),
            (json!({ "msg_id": "x" }), "msg_id"),
            (json!({ "msg_id": -1 }), "msg_id"),
        ] {
            let Value::Object(mut given) = wrong else { unreachable!() };
            let error = DeliveryOptions::take(&mut given).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
    }
}
