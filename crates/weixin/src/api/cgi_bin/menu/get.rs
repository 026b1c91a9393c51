//! `GET /cgi-bin/menu/get`
//!
//! The menus made through this interface, conditional ones included. When there is none WeChat refuses with 46003.
//!
//! [`GetCurrentMenu`](super::super::GetCurrentMenu) shows menus made in the console too.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Getting_Custom_Menu_Configurations.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::menu::{Button, MatchRule, Menu};

/// Asks for the menus.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct GetMenu {}

/// An account's menus.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Menus {
    /// What everybody sees for whom nothing below fits.
    pub menu: DefaultMenu,
    /// Menus only some people see.
    #[serde(default, deserialize_with = "de::list")]
    pub conditionalmenu: Vec<ConditionalMenu>,
}

/// The default menu.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DefaultMenu {
    /// The buttons.
    #[serde(deserialize_with = "de::list")]
    pub button: Vec<Button>,
    /// Its number; only where there are conditional menus.
    #[serde(default, deserialize_with = "de::opt_string")]
    pub menuid: Option<String>,
}

/// A menu only some people see.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ConditionalMenu {
    /// The buttons.
    #[serde(deserialize_with = "de::list")]
    pub button: Vec<Button>,
    /// Who sees it.
    #[serde(default)]
    pub matchrule: MatchRule,
    /// Its number, for [`DeleteConditionalMenu`](super::DeleteConditionalMenu).
    #[serde(deserialize_with = "de::string")]
    pub menuid: String,
}

impl Menus {
    /// The default menu, as it was made.
    #[must_use]
    pub fn default_menu(&self) -> Menu {
        Menu { button: self.menu.button.clone() }
    }
}

impl Endpoint for GetMenu {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/menu/get",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Getting_Custom_Menu_Configurations.html",
    };
    type Response = Menus;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&GetMenu {}), "GET /cgi-bin/menu/get?access_token=ACCESS_TOKEN");
        let menus = answer(
            &GetMenu {},
            r#"{"menu":{"button":[{"type":"click","name":"今日歌曲","key":"V1001_TODAY_MUSIC","sub_button":[]}],
                "menuid":208396938},"conditionalmenu":[{"button":[{"type":"click","name":"今日歌曲",
                "key":"V1001_TODAY_MUSIC","sub_button":[]},{"name":"菜单","sub_button":[{"type":"view","name":"搜索",
                "url":"http://www.soso.com/","sub_button":[]}]}],"matchrule":{"group_id":2,"sex":1,"country":"中国",
                "province":"广东","city":"广州","client_platform_type":2},"menuid":208396993}]}"#,
        )
        .unwrap();
        assert_eq!(menus.default_menu(), Menu::new([Button::click("今日歌曲", "V1001_TODAY_MUSIC")]));
        assert_eq!(menus.menu.menuid.as_deref(), Some("208396938"));
        let conditional = &menus.conditionalmenu[0];
        assert_eq!(conditional.button[1], Button::list("菜单", [Button::view("搜索", "http://www.soso.com/")]));
        assert_eq!(
            (conditional.menuid.as_str(), conditional.matchrule.retired["city"].as_str()),
            ("208396993", Some("广州"))
        );
        assert_nothing_is_no_success(&GetMenu {});
    }

    #[test]
    fn without_conditional_menus_there_is_no_number() {
        let menus =
            answer(&GetMenu {}, r#"{"menu":{"button":[{"type":"view","name":"v","url":"http://a.cn/"}]}}"#).unwrap();
        assert!(menus.menu.menuid.is_none() && menus.conditionalmenu.is_empty());
    }
}
