//! `text`: written words.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html>

use serde::{Deserialize, Serialize};

use super::error::check_text;
use super::{Body, Field, FieldError, ReplyError, Sink};

/// Written words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// What the user reads. Line breaks and `<a href="…">` work. Not empty, 2048 bytes at most.
    pub content: String,
}

impl Text {
    /// Bytes of the content at most: the figure of WeChat's older documentation; the current one gives none.
    pub const MOST: usize = 2048;
}

impl Body for Text {
    const NAME: &'static str = "text";

    fn check(&self) -> Result<(), ReplyError> {
        check_text("content", &self.content, Self::MOST)
    }

    fn write(&self, out: &mut dyn Sink) {
        out.text("Content", &self.content);
    }

    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { content: field.read("Content")? })
    }
}

#[cfg(test)]
mod tests {
    use crate::callback::reply::tests::{refused, round};
    use crate::callback::reply::{Reply, ReplyProblem};

    #[test]
    fn the_documented_xml_and_json() {
        round(
            &Reply::text("你好"),
            "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好]]></Content>",
            r#""MsgType":"text","Content":"你好""#,
            r#"{"type":"text","content":"你好"}"#,
        );
    }

    #[test]
    fn nobody_reads_nothing() {
        for nothing in ["", " \n\t", "\u{0}\u{b}"] {
            assert_eq!(refused(Reply::text(nothing)), ("content".into(), ReplyProblem::Empty));
        }
    }

    #[test]
    fn the_length_is_counted_in_bytes() {
        Reply::text("微".repeat(682)).check().unwrap();
        let problem = ReplyProblem::TooLong { most: 2048, found: 2049 };
        assert_eq!(refused(Reply::text("微".repeat(683))), ("content".into(), problem));
    }
}
