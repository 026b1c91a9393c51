//! `image`: somebody sent a picture.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html>

use serde::Serialize;

use crate::MediaId;
use crate::callback::{Body, Field, FieldError, Read};

/// Somebody sent a picture.
///
/// Also an emoji of the user's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Image {
    /// Where the picture is.
    pub pic_url: String,
    /// Its temporary id, good for three days.
    pub media_id: MediaId,
}

impl Body for Image {
    const NAMES: &'static [&'static str] = &["image"];
}

impl Read for Image {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { pic_url: field.read("PicUrl")?, media_id: field.read("MediaId")? })
    }
}

#[cfg(test)]
mod tests {
    use super::Image;
    use crate::callback::testing::message;

    #[test]
    fn the_documented_push() {
        message(
            "image",
            "<PicUrl><![CDATA[http://mmbiz.qpic.cn/1]]></PicUrl><MediaId><![CDATA[MEDIA]]></MediaId>",
            &Image { pic_url: "http://mmbiz.qpic.cn/1".into(), media_id: "MEDIA".into() },
            r#"{"pic_url":"http://mmbiz.qpic.cn/1","media_id":"MEDIA"}"#,
        );
    }
}
