//! `image`: a picture.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html>

use serde::{Deserialize, Serialize};

use super::error::check_id;
use super::{Body, Field, FieldError, ReplyError, Sink};
use crate::MediaId;

/// A picture, no GIF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// An uploaded file, temporary or permanent.
    pub media_id: MediaId,
}

impl Body for Image {
    const NAME: &'static str = "image";

    fn check(&self) -> Result<(), ReplyError> {
        check_id("media_id", self.media_id.as_str())
    }

    fn write(&self, out: &mut dyn Sink) {
        out.within("Image", &|out| out.text("MediaId", self.media_id.as_str()));
    }

    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { media_id: field.inside("Image")?.read("MediaId")? })
    }
}

#[cfg(test)]
mod tests {
    use super::Image;
    use crate::callback::reply::ReplyProblem;
    use crate::callback::reply::tests::{refused, round};

    #[test]
    fn the_documented_xml_and_json() {
        round(
            &Image { media_id: "MEDIA".into() }.into(),
            "<MsgType><![CDATA[image]]></MsgType><Image><MediaId><![CDATA[MEDIA]]></MediaId></Image>",
            r#""MsgType":"image","Image":{"MediaId":"MEDIA"}"#,
            r#"{"type":"image","media_id":"MEDIA"}"#,
        );
    }

    #[test]
    fn the_id_must_be_one() {
        assert_eq!(refused(Image { media_id: "".into() }), ("media_id".into(), ReplyProblem::Empty));
        assert_eq!(refused(Image { media_id: "a b".into() }), ("media_id".into(), ReplyProblem::NotId));
    }
}
