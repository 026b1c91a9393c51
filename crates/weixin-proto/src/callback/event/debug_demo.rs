//! `debug_demo`: the console sent a test.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// The console sent a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DebugDemo {
    /// What was typed there.
    pub debug_str: String,
}

impl Body for DebugDemo {
    const NAMES: &'static [&'static str] = &["debug_demo"];
}

impl Read for DebugDemo {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { debug_str: field.read("debug_str")? })
    }
}

#[cfg(test)]
mod tests {
    use super::DebugDemo;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "debug_demo",
            "<debug_str><![CDATA[hello world]]></debug_str>",
            &DebugDemo { debug_str: "hello world".into() },
            r#"{"debug_str":"hello world"}"#,
        );
    }
}
