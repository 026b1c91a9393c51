//! `CLICK`: a menu button of the type `click` was pressed.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Custom_Menu_Push_Events.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A menu button of the type `click` was pressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Click {
    /// The `key` of the button.
    pub event_key: String,
}

impl Body for Click {
    const NAMES: &'static [&'static str] = &["CLICK"];
}

impl Read for Click {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { event_key: field.read("EventKey")? })
    }
}

#[cfg(test)]
mod tests {
    use super::Click;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "CLICK",
            "<EventKey><![CDATA[V1001]]></EventKey>",
            &Click { event_key: "V1001".into() },
            r#"{"event_key":"V1001"}"#,
        );
    }
}
