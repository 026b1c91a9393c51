use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Field, FieldError, Read};
use crate::json;

/// The number of a message: 64 bits, more than a JavaScript number holds.
///
/// In JSON it is written as a text; read, it may be either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MsgId(pub u64);

impl fmt::Display for MsgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for MsgId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MsgId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::de::uint(deserializer).map(Self)
    }
}

impl Read for MsgId {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        u64::read(field).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::MsgId;

    #[test]
    fn no_digit_is_lost() {
        let id = MsgId(9_007_199_254_740_993);
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"9007199254740993\"");
        for text in ["9007199254740993", "\"9007199254740993\""] {
            assert_eq!(serde_json::from_str::<MsgId>(text).unwrap(), id);
        }
    }
}
