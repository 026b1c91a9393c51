//! `ENTER`: somebody opened the chat.
//!
//! WeChat's page about it is gone; the fields are as they have been seen.

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody opened the chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Enter {}

impl Body for Enter {
    const NAMES: &'static [&'static str] = &["ENTER"];
}

impl Read for Enter {
    fn read(_field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {})
    }
}

#[cfg(test)]
mod tests {
    use super::Enter;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event("ENTER", "", &Enter {}, r#"{}"#);
    }
}
