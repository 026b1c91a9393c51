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
    /// Its picture, uploaded as `thumb`. A reply shows none and does not carry it; what is sent later, as a customer-service
    /// message, needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumb_media_id: Option<MediaId>,
}

impl Body for Video {
    const NAME: &'static str = "video";

    fn check(&self) -> Result<(), ReplyError> {
        check_id("media_id", self.media_id.as_str())?;
        self.thumb_media_id.as_ref().map_or(Ok(()), |id| check_id("thumb_media_id", id.as_str()))
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
            thumb_media_id: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Video;
    use crate::callback::reply::ReplyProblem;
    use crate::callback::reply::tests::{refused, round};

    fn bare(id: &str) -> Video {
        Video { media_id: id.into(), title: None, description: None, thumb_media_id: None }
    }

    #[test]
    fn the_documented_xml_and_json() {
        round(
            &Video { title: Some("标题".into()), description: Some("描述".into()), ..bare("MEDIA") }.into(),
            "<MsgType><![CDATA[video]]></MsgType><Video><MediaId><![CDATA[MEDIA]]></MediaId>\
             <Title><![CDATA[标题]]></Title><Description><![CDATA[描述]]></Description></Video>",
            r#""MsgType":"video","Video":{"MediaId":"MEDIA","Title":"标题","Description":"描述"}"#,
            r#"{"type":"video","media_id":"MEDIA","title":"标题","description":"描述"}"#,
        );
    }

    #[test]
    fn only_the_id_is_needed() {
        let read: crate::callback::reply::Reply = serde_json::from_str(r#"{"type":"video","media_id":"M"}"#).unwrap();
        read.check().unwrap();
        assert_eq!(read, bare("M").into());
        assert_eq!(refused(bare("")), ("media_id".into(), ReplyProblem::Empty));
        let empty = Video { thumb_media_id: Some("".into()), ..bare("M") };
        assert_eq!(refused(empty), ("thumb_media_id".into(), ReplyProblem::Empty));
    }
}
