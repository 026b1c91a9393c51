//! `GET /cgi-bin/get_current_selfmenu_info`
//!
//! The menu in use, whether it was made through this interface or in the console.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Querying_Custom_Menus.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use super::console::{ConsoleArticle, listed};
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::menu::{Action, Button, Menu};

/// Asks for the menu in use.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct GetCurrentMenu {}

/// The menu in use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CurrentMenu {
    /// Whether people see it.
    #[serde(deserialize_with = "de::boolish")]
    pub is_menu_open: bool,
    /// What is in it.
    #[serde(default)]
    pub selfmenu_info: CurrentButtons,
}

/// What is in the menu.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct CurrentButtons {
    /// The buttons.
    #[serde(default, deserialize_with = "de::list")]
    pub button: Vec<CurrentButton>,
}

/// A button. What it has besides a name depends on its type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct CurrentButton {
    /// What is written on it.
    #[serde(default, deserialize_with = "de::text")]
    pub name: String,
    /// A type of [`Action`], or one of the console's own: `text`, `img`, `voice`, `photo`, `video`, `news`. `None` for a
    /// button that opens a list.
    #[serde(default, rename = "type", deserialize_with = "de::opt_string")]
    pub kind: Option<String>,
    /// What comes with the event.
    #[serde(default, deserialize_with = "de::opt_string")]
    pub key: Option<String>,
    /// The page it opens.
    #[serde(default, deserialize_with = "de::opt_string")]
    pub url: Option<String>,
    /// Material it sends or opens.
    #[serde(default, deserialize_with = "de::opt_string")]
    pub media_id: Option<String>,
    /// A published article.
    #[serde(default, deserialize_with = "de::opt_string")]
    pub article_id: Option<String>,
    /// A mini program.
    #[serde(default, deserialize_with = "de::opt_string")]
    pub appid: Option<String>,
    /// The page of the mini program.
    #[serde(default, deserialize_with = "de::opt_string")]
    pub pagepath: Option<String>,
    /// Of the console's own types: the text, the media id, or the address of a video.
    #[serde(default, deserialize_with = "de::opt_string")]
    pub value: Option<String>,
    /// The articles of `news`.
    #[serde(default, deserialize_with = "listed")]
    pub news_info: Vec<ConsoleArticle>,
    /// The list it opens.
    #[serde(default, deserialize_with = "listed")]
    pub sub_button: Vec<CurrentButton>,
}

impl CurrentMenu {
    /// The menu as this interface could make it; `None` when a button has a type only the console knows.
    #[must_use]
    pub fn to_menu(&self) -> Option<Menu> {
        self.selfmenu_info
            .button
            .iter()
            .map(CurrentButton::to_button)
            .collect::<Option<_>>()
            .map(|button| Menu { button })
    }
}

impl CurrentButton {
    fn to_button(&self) -> Option<Button> {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let action = match self.kind.as_deref() {
            _ if !self.sub_button.is_empty() => {
                Action::List(self.sub_button.iter().map(Self::to_button).collect::<Option<_>>()?)
            }
            None => Action::List(Vec::new()),
            Some("click") => Action::Click { key: text(&self.key) },
            Some("view") => Action::View { url: text(&self.url) },
            Some("scancode_push") => Action::ScancodePush { key: text(&self.key) },
            Some("scancode_waitmsg") => Action::ScancodeWaitmsg { key: text(&self.key) },
            Some("pic_sysphoto") => Action::PicSysphoto { key: text(&self.key) },
            Some("pic_photo_or_album") => Action::PicPhotoOrAlbum { key: text(&self.key) },
            Some("pic_weixin") => Action::PicWeixin { key: text(&self.key) },
            Some("location_select") => Action::LocationSelect { key: text(&self.key) },
            Some("media_id") => Action::MediaId { media_id: text(&self.media_id) },
            Some("view_limited") => Action::ViewLimited { media_id: text(&self.media_id) },
            Some("article_id") => Action::ArticleId { article_id: text(&self.article_id) },
            Some("article_view_limited") => Action::ArticleViewLimited { article_id: text(&self.article_id) },
            Some("miniprogram") => Action::MiniProgram {
                url: text(&self.url),
                appid: text(&self.appid).into(),
                pagepath: text(&self.pagepath),
            },
            Some(_) => return None,
        };
        Some(Button { name: self.name.clone(), action })
    }
}

impl Endpoint for GetCurrentMenu {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/get_current_selfmenu_info",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Querying_Custom_Menus.html",
    };
    type Response = CurrentMenu;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_menu_of_the_console() {
        assert_eq!(line(&GetCurrentMenu {}), "GET /cgi-bin/get_current_selfmenu_info?access_token=ACCESS_TOKEN");
        let current = answer(
            &GetCurrentMenu {},
            r#"{"is_menu_open":1,"selfmenu_info":{"button":[{"name":"button","sub_button":{"list":[
                {"type":"view","name":"view_url","url":"http://www.qq.com"},
                {"type":"news","name":"news","value":"KQb_w_Tiz-nSdVLoTV35Psmty8hGBulGhEdbb9SKs-o","news_info":{"list":[
                {"title":"MULTI_NEWS","author":"JIMZHENG","digest":"text","show_cover":0,"cover_url":"http://mmbiz.qpic.cn/0",
                "content_url":"http://mp.weixin.qq.com/s","source_url":""}]}},
                {"type":"video","name":"video","value":"http://61.182.130.30/vweixinp.tc.qq.com/1007.mp4"}]}},
                {"type":"text","name":"text","value":"This is text!"},
                {"type":"img","name":"photo","value":"ax5Whs5dsoomJLEppAvftBUuH7CgXCZGFbFJifmbUjnQk_ierMHY99Y5d2Cv14RD"}]}}"#,
        )
        .unwrap();
        assert!(current.is_menu_open);
        let buttons = &current.selfmenu_info.button;
        assert_eq!(buttons[0].sub_button[1].news_info[0].title, "MULTI_NEWS");
        assert_eq!((buttons[1].kind.as_deref(), buttons[1].value.as_deref()), (Some("text"), Some("This is text!")));
        assert_eq!(current.to_menu(), None, "the console's own types cannot be made here");
        assert_nothing_is_no_success(&GetCurrentMenu {});
    }

    #[test]
    fn a_menu_made_here_comes_back_whole() {
        let current = answer(
            &GetCurrentMenu {},
            r#"{"is_menu_open":1,"selfmenu_info":{"button":[{"type":"click","name":"今日歌曲","key":"V1001_TODAY_MUSIC"},
                {"name":"菜单","sub_button":{"list":[{"type":"view","name":"搜索","url":"http://www.soso.com/"}]}}]}}"#,
        )
        .unwrap();
        let list = Button::list("菜单", [Button::view("搜索", "http://www.soso.com/")]);
        assert_eq!(current.to_menu(), Some(Menu::new([Button::click("今日歌曲", "V1001_TODAY_MUSIC"), list])));
        let none = answer(&GetCurrentMenu {}, r#"{"is_menu_open":0}"#).unwrap();
        assert!(!none.is_menu_open && none.selfmenu_info.button.is_empty());
    }
}
