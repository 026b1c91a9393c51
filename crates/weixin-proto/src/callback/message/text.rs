//! `text`: somebody wrote.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    /// What was written. WeChat's own emoji arrive as `/::)` or `[微笑]`.
    pub content: String,
    /// The `id` of the line that was tapped in a menu message; the content is that line's text.
    pub bizmsgmenuid: Option<String>,
}

impl Body for Text {
    const NAMES: &'static [&'static str] = &["text"];
}

impl Read for Text {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { content: field.read("Content")?, bizmsgmenuid: field.read("bizmsgmenuid")? })
    }
}

#[cfg(test)]
mod tests {
    use super::Text;
    use crate::callback::testing::message;

    #[test]
    fn the_documented_push() {
        message(
            "text",
            "<Content><![CDATA[你好]]></Content><bizmsgmenuid><![CDATA[101]]></bizmsgmenuid>",
            &Text { content: "你好".into(), bizmsgmenuid: Some("101".into()) },
            r#"{"content":"你好","bizmsgmenuid":"101"}"#,
        );
    }

    #[test]
    fn words_are_kept_as_they_are() {
        for content in [" a ", "a]]&gt;b", "😀\u{1f468}\u{200d}\u{1f469}", "", "1\r\n2"] {
            let json = format!(r#"{{"content":{},"bizmsgmenuid":null}}"#, serde_json::json!(content));
            let expected = Text { content: content.into(), bizmsgmenuid: None };
            message("text", &format!("<Content><![CDATA[{content}]]></Content>"), &expected, &json);
        }
    }
}
