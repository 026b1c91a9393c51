//! `video`: a video.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html>

use serde::{Deserialize, Serialize};

use super::error::check_id;
use super::{Body, Field, FieldError, ReplyError, Sink};
use crate::MediaId;

/// A video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Video {
    /// An uploaded file, temporary or permanent.
    pub media_id: MediaId,
    /// Shown above it.
    #[serde(default)]
    pub title: Option<String>,
    /// Shown below it.
    #[serde(default)]
    pub description: Option<String>,
}

impl Body for Video {
    const NAME: &'static str = "video";

    fn check(&self) -> Result<(), ReplyError> {
        check_id("media_id", self.media_id.as_str())
    }

    fn write(&self, out: &mut dyn Sink) {
        out.within("Video", &|out| {
            out.text("MediaId", self.media_id.as_str());
            out.some("Title", self.title.as_deref());
            out.some("Description", self.description.as_deref());
        });
    }

    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let video = field.inside("Video")?;
        Ok(Self {
            media_id: video.read("MediaId")?,
            title: video.read("Title")?,
            description: video.read("Description")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Video;
    use crate::callback::reply::ReplyProblem;
    use crate::callback::reply::tests::{refused, round};

    #[test]
    fn the_documented_xml_and_json() {
        round(
            &Video { media_id: "MEDIA".into(), title: Some("标题".into()), description: Some("描述".into()) }.into(),
            "<MsgType><![CDATA[video]]></MsgType><Video><MediaId><![CDATA[MEDIA]]></MediaId>\
             <Title><![CDATA[标题]]></Title><Description><![CDATA[描述]]></Description></Video>",
            r#""MsgType":"video","Video":{"MediaId":"MEDIA","Title":"标题","Description":"描述"}"#,
            r#"{"type":"video","media_id":"MEDIA","title":"标题","description":"描述"}"#,
        );
    }

    #[test]
    fn only_the_id_is_needed() {
        let bare: crate::callback::reply::Reply = serde_json::from_str(r#"{"type":"video","media_id":"M"}"#).unwrap();
        bare.check().unwrap();
        assert_eq!(bare, Video { media_id: "M".into(), title: None, description: None }.into());
        let without = Video { media_id: "".into(), title: None, description: None };
        assert_eq!(refused(without), ("media_id".into(), ReplyProblem::Empty));
    }
}
