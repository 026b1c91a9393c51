//! `user_enter_tempsession`: somebody opened the customer service of a mini program.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/receive.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody opened the customer service of a mini program.
///
/// For one minute two messages may be sent to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserEnterTempsession {
    /// The `session-from` of the button that was pressed; 1024 characters at most.
    pub session_from: String,
}

impl Body for UserEnterTempsession {
    const NAMES: &'static [&'static str] = &["user_enter_tempsession"];
}

impl Read for UserEnterTempsession {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { session_from: field.read("SessionFrom")? })
    }
}

#[cfg(test)]
mod tests {
    use super::UserEnterTempsession;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "user_enter_tempsession",
            "<SessionFrom><![CDATA[from]]></SessionFrom>",
            &UserEnterTempsession { session_from: "from".into() },
            r#"{"session_from":"from"}"#,
        );
    }
}
