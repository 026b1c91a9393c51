//! `voice`: a recording.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html>

use serde::{Deserialize, Serialize};

use super::error::check_id;
use super::{Body, Field, FieldError, ReplyError, Sink};
use crate::MediaId;

/// A recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// An uploaded file, temporary or permanent.
    pub media_id: MediaId,
}

impl Body for Voice {
    const NAME: &'static str = "voice";

    fn check(&self) -> Result<(), ReplyError> {
        check_id("media_id", self.media_id.as_str())
    }

    fn write(&self, out: &mut dyn Sink) {
        out.within("Voice", &|out| out.text("MediaId", self.media_id.as_str()));
    }

    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { media_id: field.inside("Voice")?.read("MediaId")? })
    }
}

#[cfg(test)]
mod tests {
    use super::Voice;
    use crate::callback::reply::ReplyProblem;
    use crate::callback::reply::tests::{refused, round};

    #[test]
    fn the_documented_xml_and_json() {
        round(
            &Voice { media_id: "MEDIA".into() }.into(),
            "<MsgType><![CDATA[voice]]></MsgType><Voice><MediaId><![CDATA[MEDIA]]></MediaId></Voice>",
            r#""MsgType":"voice","Voice":{"MediaId":"MEDIA"}"#,
            r#"{"type":"voice","media_id":"MEDIA"}"#,
        );
    }

    #[test]
    fn the_id_must_be_one() {
        assert_eq!(refused(Voice { media_id: "".into() }), ("media_id".into(), ReplyProblem::Empty));
        assert_eq!(refused(Voice { media_id: "a b".into() }), ("media_id".into(), ReplyProblem::NotId));
    }
}
