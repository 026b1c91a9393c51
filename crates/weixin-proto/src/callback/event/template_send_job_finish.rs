//! `TEMPLATESENDJOBFINISH`: what became of a template message.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html>

use serde::Serialize;

use crate::callback::words::words;
use crate::callback::{Body, Field, FieldError, MsgId, Read};

/// What became of a template message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TemplateSendJobFinish {
    /// The `msgid` that sending it gave.
    pub msg_id: MsgId,
    /// How it ended.
    pub status: TemplateStatus,
}

words! {
    /// How a template message ended.
    TemplateStatus {
        /// It was delivered.
        Success = "success",
        /// The user does not take messages from this account.
        UserBlock = "failed:user block" | "failed: user block",
        /// It failed for another reason.
        SystemFailed = "failed: system failed" | "failed:system failed",
    }
}

impl Body for TemplateSendJobFinish {
    const NAMES: &'static [&'static str] = &["TEMPLATESENDJOBFINISH"];
}

impl Read for TemplateSendJobFinish {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { msg_id: field.read_any(&["MsgID", "MsgId"])?, status: field.read("Status")? })
    }
}

#[cfg(test)]
mod tests {
    use super::{TemplateSendJobFinish, TemplateStatus};
    use crate::callback::MsgId;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_pushes() {
        for (word, status, written) in [
            ("success", TemplateStatus::Success, "success"),
            ("failed:user block", TemplateStatus::UserBlock, "failed:user block"),
            ("failed: system failed", TemplateStatus::SystemFailed, "failed: system failed"),
            ("failed:system failed", TemplateStatus::SystemFailed, "failed: system failed"),
            ("failed: lost", TemplateStatus::Other("failed: lost".into()), "failed: lost"),
        ] {
            event(
                "TEMPLATESENDJOBFINISH",
                &format!("<MsgID>200163836</MsgID><Status><![CDATA[{word}]]></Status>"),
                &TemplateSendJobFinish { msg_id: MsgId(200_163_836), status },
                &format!(r#"{{"msg_id":"200163836","status":"{written}"}}"#),
            );
        }
    }
}
