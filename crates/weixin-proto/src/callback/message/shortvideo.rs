//! `shortvideo`: somebody sent a short video, made in the chat itself.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html>

use serde::Serialize;

use crate::MediaId;
use crate::callback::{Body, Field, FieldError, Read};

/// Somebody sent a short video, made in the chat itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShortVideo {
    /// Its temporary id, good for three days.
    pub media_id: MediaId,
    /// That of its still picture.
    pub thumb_media_id: Option<MediaId>,
}

impl Body for ShortVideo {
    const NAMES: &'static [&'static str] = &["shortvideo"];
}

impl Read for ShortVideo {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { media_id: field.read("MediaId")?, thumb_media_id: field.read("ThumbMediaId")? })
    }
}

#[cfg(test)]
mod tests {
    use super::ShortVideo;
    use crate::callback::testing::message;

    #[test]
    fn the_documented_push() {
        message(
            "shortvideo",
            "<MediaId><![CDATA[MEDIA]]></MediaId><ThumbMediaId><![CDATA[THUMB]]></ThumbMediaId>",
            &ShortVideo { media_id: "MEDIA".into(), thumb_media_id: Some("THUMB".into()) },
            r#"{"media_id":"MEDIA","thumb_media_id":"THUMB"}"#,
        );
    }
}
