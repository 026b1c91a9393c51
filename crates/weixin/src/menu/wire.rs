//! A button as WeChat writes it: all fields of all types side by side.

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use weixin_proto::AppId;
use weixin_proto::json::de;

use super::{Action, Button};

impl Action {
    /// WeChat's word for it; `None` for a list.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        Some(match self {
            Self::List(_) => return None,
            Self::Click { .. } => "click",
            Self::View { .. } => "view",
            Self::ScancodePush { .. } => "scancode_push",
            Self::ScancodeWaitmsg { .. } => "scancode_waitmsg",
            Self::PicSysphoto { .. } => "pic_sysphoto",
            Self::PicPhotoOrAlbum { .. } => "pic_photo_or_album",
            Self::PicWeixin { .. } => "pic_weixin",
            Self::LocationSelect { .. } => "location_select",
            Self::MediaId { .. } => "media_id",
            Self::ViewLimited { .. } => "view_limited",
            Self::ArticleId { .. } => "article_id",
            Self::ArticleViewLimited { .. } => "article_view_limited",
            Self::MiniProgram { .. } => "miniprogram",
            Self::Other { kind, .. } => kind,
        })
    }
}

impl Serialize for Button {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(kind) = self.action.kind() {
            map.serialize_entry("type", kind)?;
        }
        map.serialize_entry("name", &self.name)?;
        match &self.action {
            Action::List(buttons) => map.serialize_entry("sub_button", buttons)?,
            Action::Click { key }
            | Action::ScancodePush { key }
            | Action::ScancodeWaitmsg { key }
            | Action::PicSysphoto { key }
            | Action::PicPhotoOrAlbum { key }
            | Action::PicWeixin { key }
            | Action::LocationSelect { key } => map.serialize_entry("key", key)?,
            Action::View { url } => map.serialize_entry("url", url)?,
            Action::MediaId { media_id } | Action::ViewLimited { media_id } => {
                map.serialize_entry("media_id", media_id)?;
            }
            Action::ArticleId { article_id } | Action::ArticleViewLimited { article_id } => {
                map.serialize_entry("article_id", article_id)?;
            }
            Action::MiniProgram { url, appid, pagepath } => {
                map.serialize_entry("url", url)?;
                map.serialize_entry("appid", appid)?;
                map.serialize_entry("pagepath", pagepath)?;
            }
            Action::Other { fields, .. } => {
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
            }
        }
        map.end()
    }
}

/// Every field may be missing: the check says what has to be there.
#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "de::opt_string")]
    name: Option<String>,
    #[serde(default, rename = "type", deserialize_with = "de::opt_string")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "de::list")]
    sub_button: Vec<Button>,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

impl<'de> Deserialize<'de> for Button {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Wire { name, kind, sub_button, mut fields } = Wire::deserialize(deserializer)?;
        let mut take = |field: &str| match fields.remove(field) {
            Some(Value::String(text)) => text,
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let action = match kind.as_deref() {
            _ if !sub_button.is_empty() => Action::List(sub_button),
            None => Action::List(Vec::new()),
            Some("click") => Action::Click { key: take("key") },
            Some("view") => Action::View { url: take("url") },
            Some("scancode_push") => Action::ScancodePush { key: take("key") },
            Some("scancode_waitmsg") => Action::ScancodeWaitmsg { key: take("key") },
            Some("pic_sysphoto") => Action::PicSysphoto { key: take("key") },
            Some("pic_photo_or_album") => Action::PicPhotoOrAlbum { key: take("key") },
            Some("pic_weixin") => Action::PicWeixin { key: take("key") },
            Some("location_select") => Action::LocationSelect { key: take("key") },
            Some("media_id") => Action::MediaId { media_id: take("media_id") },
            Some("view_limited") => Action::ViewLimited { media_id: take("media_id") },
            Some("article_id") => Action::ArticleId { article_id: take("article_id") },
            Some("article_view_limited") => Action::ArticleViewLimited { article_id: take("article_id") },
            Some("miniprogram") => {
                Action::MiniProgram { url: take("url"), appid: AppId::new(take("appid")), pagepath: take("pagepath") }
            }
            Some(other) => Action::Other { kind: other.to_owned(), fields },
        };
        Ok(Self { name: name.unwrap_or_default(), action })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::menu::Menu;

    #[test]
    fn every_type_is_written_as_it_is_read() {
        let written = json!({"button": [
            {"name": "扫码", "sub_button": [
                {"type": "scancode_waitmsg", "name": "扫码带提示", "key": "rselfmenu_0_0"},
                {"type": "scancode_push", "name": "扫码推事件", "key": "rselfmenu_0_1"},
                {"type": "pic_sysphoto", "name": "系统拍照发图", "key": "rselfmenu_1_0"},
                {"type": "pic_photo_or_album", "name": "拍照或者相册发图", "key": "rselfmenu_1_1"},
                {"type": "pic_weixin", "name": "微信相册发图", "key": "rselfmenu_1_2"},
            ]},
            {"name": "菜单", "sub_button": [
                {"type": "view", "name": "搜索", "url": "http://www.soso.com/"},
                {"type": "miniprogram", "name": "wxa", "url": "http://mp.weixin.qq.com",
                 "appid": "wx286b93c14bbf93aa", "pagepath": "pages/lunar/index"},
                {"type": "click", "name": "赞一下我们", "key": "V1001_GOOD"},
                {"type": "location_select", "name": "发送位置", "key": "rselfmenu_2_0"},
                {"type": "media_id", "name": "图片", "media_id": "MEDIA_ID1"},
            ]},
            {"name": "文章", "sub_button": [
                {"type": "view_limited", "name": "图文消息", "media_id": "MEDIA_ID2"},
                {"type": "article_id", "name": "发布后的图文消息", "article_id": "ARTICLE_ID1"},
                {"type": "article_view_limited", "name": "发布后的图文消息", "article_id": "ARTICLE_ID2"},
                {"type": "of_tomorrow", "name": "新", "more": {"a": [1]}},
            ]},
        ]});
        let menu: Menu = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&menu).unwrap(), written);
        let faults = menu.check().unwrap_err().faults;
        assert_eq!(faults.iter().map(|fault| fault.at.as_str()).collect::<Vec<_>>(), ["button[2].sub_button[3].type"]);
    }

    #[test]
    fn empty_lists_of_answers_and_missing_fields_are_read() {
        let menu: Menu = serde_json::from_str(
            r#"{"button":[{"type":"view","name":"tx","url":"http://www.qq.com/","sub_button":[]},{"type":"click"},{}]}"#,
        )
        .unwrap();
        assert_eq!(menu.button[0], Button::view("tx", "http://www.qq.com/"));
        assert_eq!(menu.button[1], Button::click("", ""));
        assert_eq!(menu.button[2], Button::list("", []));
        assert!(serde_json::from_str::<Menu>("{}").is_err());
    }
}
