//! Menus: what is at the bottom of an official account's chat.
//!
//! [`Menu::check`] holds a menu against all limits before WeChat does, and names every button that breaks one:
//!
//! ```
//! use weixin::menu::{Button, Menu};
//!
//! let menu = Menu::new([
//!     Button::click("今日歌曲", "V1001_TODAY_MUSIC"),
//!     Button::list("菜单", [Button::view("搜索", "http://www.soso.com/"), Button::click("赞", "")]),
//! ]);
//! let error = menu.check().unwrap_err();
//! assert_eq!(error.to_string(), "button[1].sub_button[1].key: missing");
//! assert_eq!(error.faults[0].errcode.get(), 40026);
//! ```
//!
//! A menu is read from what WeChat answers and from files of the same form. Reading is tolerant and takes anything that
//! has buttons; checking is strict.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html>

mod check;
mod rule;
mod wire;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use weixin_proto::AppId;
use weixin_proto::json::de;

pub use self::check::{InvalidMenu, MenuFault, MenuProblem};
pub use self::rule::{ClientPlatform, MatchRule};

/// A menu: one to three buttons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Menu {
    /// The buttons, from left to right.
    #[serde(deserialize_with = "de::list")]
    pub button: Vec<Button>,
}

/// A button, of the bar or of a list that one of the bar opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What is written on it: at most 16 bytes of UTF-8 in the bar, 60 in a list.
    pub name: String,
    /// What it does.
    pub action: Action,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Opens a list of one to five buttons. For buttons of the bar only.
    List(Vec<Button>),
    /// `click`: a `CLICK` event.
    Click {
        /// At most 128 bytes; comes with the event.
        key: String,
    },
    /// `view`: opens a page; a `VIEW` event.
    View {
        /// `http` or `https`, at most 1024 bytes.
        url: String,
    },
    /// `scancode_push`: scans a code, shows what it says, and pushes that.
    ScancodePush {
        /// At most 128 bytes.
        key: String,
    },
    /// `scancode_waitmsg`: scans a code, pushes what it says, and waits for an answer.
    ScancodeWaitmsg {
        /// At most 128 bytes.
        key: String,
    },
    /// `pic_sysphoto`: takes a picture and sends it.
    PicSysphoto {
        /// At most 128 bytes.
        key: String,
    },
    /// `pic_photo_or_album`: takes or picks pictures and sends them.
    PicPhotoOrAlbum {
        /// At most 128 bytes.
        key: String,
    },
    /// `pic_weixin`: picks pictures from WeChat's album and sends them.
    PicWeixin {
        /// At most 128 bytes.
        key: String,
    },
    /// `location_select`: picks a place on a map and sends it.
    LocationSelect {
        /// At most 128 bytes.
        key: String,
    },
    /// `media_id`: sends permanent material. No event.
    MediaId {
        /// The material.
        media_id: String,
    },
    /// `view_limited`: opens an article of permanent material. No event; superseded by `article_view_limited`.
    ViewLimited {
        /// The material.
        media_id: String,
    },
    /// `article_id`: sends the card of a published article. No event.
    ArticleId {
        /// The article.
        article_id: String,
    },
    /// `article_view_limited`: opens a published article. No event.
    ArticleViewLimited {
        /// The article.
        article_id: String,
    },
    /// `miniprogram`: opens a mini program.
    MiniProgram {
        /// The page old versions of WeChat open instead: `http` or `https`, at most 1024 bytes.
        url: String,
        /// A mini program that is linked to the account (45064).
        appid: AppId,
        /// The page of the mini program.
        pagepath: String,
    },
    /// A type this version does not know. [`Menu::check`] refuses it.
    Other {
        /// WeChat's word.
        kind: String,
        /// All other fields.
        fields: Map<String, Value>,
    },
}

impl Menu {
    /// A menu of these buttons.
    #[must_use]
    pub fn new(buttons: impl IntoIterator<Item = Button>) -> Self {
        Self { button: buttons.into_iter().collect() }
    }
}

impl Button {
    /// A button that does this.
    #[must_use]
    pub fn new(name: impl Into<String>, action: Action) -> Self {
        Self { name: name.into(), action }
    }

    /// A button that opens a list.
    #[must_use]
    pub fn list(name: impl Into<String>, buttons: impl IntoIterator<Item = Button>) -> Self {
        Self::new(name, Action::List(buttons.into_iter().collect()))
    }

    /// A button that sends an event.
    #[must_use]
    pub fn click(name: impl Into<String>, key: impl Into<String>) -> Self {
        Self::new(name, Action::Click { key: key.into() })
    }

    /// A button that opens a page.
    #[must_use]
    pub fn view(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self::new(name, Action::View { url: url.into() })
    }

    /// The buttons of the list it opens; none when it does something else.
    #[must_use]
    pub fn sub_buttons(&self) -> &[Button] {
        if let Action::List(buttons) = &self.action { buttons } else { &[] }
    }
}
