//! `pic_photo_or_album`: pictures were taken or chosen by a menu button.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Custom_Menu_Push_Events.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Pictures were taken or chosen by a menu button.
///
/// The pictures themselves follow as messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PicPhotoOrAlbum {
    /// The `key` of the button.
    pub event_key: String,
    /// How many pictures there are.
    pub count: i64,
    /// The MD5 of each, in hex.
    pub pic_md5_sums: Vec<String>,
}

impl Body for PicPhotoOrAlbum {
    const NAMES: &'static [&'static str] = &["pic_photo_or_album"];
}

impl Read for PicPhotoOrAlbum {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let info = field.inside("SendPicsInfo")?;
        Ok(Self {
            event_key: field.read("EventKey")?,
            count: info.read("Count")?,
            pic_md5_sums: info.list("PicList/item").map(|item| item.read("PicMd5Sum")).collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PicPhotoOrAlbum;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "pic_photo_or_album",
            "<EventKey><![CDATA[6]]></EventKey><SendPicsInfo><Count>2</Count><PicList>\
             <item><PicMd5Sum><![CDATA[1b5f7c23b5bf75682a53e7b6d163e185]]></PicMd5Sum></item>\
             <item><PicMd5Sum><![CDATA[5a75aaca956d97be686719218f275c6b]]></PicMd5Sum></item></PicList></SendPicsInfo>",
            &PicPhotoOrAlbum {
                event_key: "6".into(),
                count: 2,
                pic_md5_sums: vec![
                    "1b5f7c23b5bf75682a53e7b6d163e185".into(),
                    "5a75aaca956d97be686719218f275c6b".into(),
                ],
            },
            r#"{"event_key":"6","count":2,"pic_md5_sums":["1b5f7c23b5bf75682a53e7b6d163e185","5a75aaca956d97be686719218f275c6b"]}"#,
        );
    }

    #[test]
    fn none_was_chosen() {
        event(
            "pic_photo_or_album",
            "<EventKey>6</EventKey><SendPicsInfo><Count>0</Count><PicList></PicList></SendPicsInfo>",
            &PicPhotoOrAlbum { event_key: "6".into(), count: 0, pic_md5_sums: vec![] },
            r#"{"event_key":"6","count":0,"pic_md5_sums":[]}"#,
        );
    }
}
