//! `unsubscribe`: somebody no longer follows the account.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody no longer follows the account.
///
/// Nothing can be answered. WeChat asks to delete what is known about them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unsubscribe {}

impl Body for Unsubscribe {
    const NAMES: &'static [&'static str] = &["unsubscribe"];
}

impl Read for Unsubscribe {
    fn read(_field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {})
    }
}

#[cfg(test)]
mod tests {
    use super::Unsubscribe;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event("unsubscribe", "", &Unsubscribe {}, r#"{}"#);
    }
}
