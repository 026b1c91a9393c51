//! `miniprogrampage`: somebody sent a card of a mini program.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/receive.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};
use crate::{AppId, MediaId};

/// Somebody sent a card of a mini program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MiniProgramPage {
    /// What it says.
    pub title: String,
    /// Which mini program.
    pub app_id: AppId,
    /// Which page of it.
    pub page_path: String,
    /// Where its picture is.
    pub thumb_url: String,
    /// The temporary id of its picture.
    pub thumb_media_id: Option<MediaId>,
}

impl Body for MiniProgramPage {
    const NAMES: &'static [&'static str] = &["miniprogrampage"];
}

impl Read for MiniProgramPage {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            title: field.read("Title")?,
            app_id: field.read("AppId")?,
            page_path: field.read("PagePath")?,
            thumb_url: field.read("ThumbUrl")?,
            thumb_media_id: field.read("ThumbMediaId")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::MiniProgramPage;
    use crate::callback::testing::message;

    #[test]
    fn the_documented_push() {
        message(
            "miniprogrampage",
            "<Title><![CDATA[标题]]></Title><AppId><![CDATA[wx1111111111111111]]></AppId>\
             <PagePath><![CDATA[pages/index/index?a=1]]></PagePath>\
             <ThumbUrl><![CDATA[http://mmbiz.qpic.cn/1]]></ThumbUrl>\
             <ThumbMediaId><![CDATA[THUMB]]></ThumbMediaId>",
            &MiniProgramPage {
                title: "标题".into(),
                app_id: "wx1111111111111111".into(),
                page_path: "pages/index/index?a=1".into(),
                thumb_url: "http://mmbiz.qpic.cn/1".into(),
                thumb_media_id: Some("THUMB".into()),
            },
            r#"{"title":"标题","app_id":"wx1111111111111111","page_path":"pages/index/index?a=1","thumb_url":"http://mmbiz.qpic.cn/1","thumb_media_id":"THUMB"}"#,
        );
    }
}
