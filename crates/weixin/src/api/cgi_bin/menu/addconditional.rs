//! `POST /cgi-bin/menu/addconditional`
//!
//! A menu only some people see. The newest one whose rule fits wins; without a default menu WeChat refuses with 65303.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Personalized_menu_interface.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::menu::{InvalidMenu, MatchRule, Menu};

/// Makes a conditional menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddConditionalMenu {
    #[serde(flatten)]
    menu: Menu,
    matchrule: MatchRule,
}

/// The number of a menu.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MenuId {
    /// The number, for [`DeleteConditionalMenu`](super::DeleteConditionalMenu).
    #[serde(deserialize_with = "de::string")]
    pub menuid: String,
}

impl AddConditionalMenu {
    /// The request, if menu and rule keep all limits.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the menu or the rule.
    pub fn new(menu: Menu, matchrule: MatchRule) -> Result<Self, InvalidMenu> {
        menu.check_conditional(&matchrule).map(|()| Self { menu, matchrule })
    }
}

impl Endpoint for AddConditionalMenu {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/menu/addconditional",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Personalized_menu_interface.html",
    };
    type Response = MenuId;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};
    use crate::menu::{Button, ClientPlatform};

    #[test]
    fn the_documented_call() {
        let rule = MatchRule { client_platform_type: Some(ClientPlatform::Android), ..MatchRule::tag(2) };
        let menu = Menu::new([Button::click("今日歌曲", "V1001_TODAY_MUSIC")]);
        let request = AddConditionalMenu::new(menu.clone(), rule).unwrap();
        assert_eq!(line(&request), "POST /cgi-bin/menu/addconditional?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({
                "button": [{"type": "click", "name": "今日歌曲", "key": "V1001_TODAY_MUSIC"}],
                "matchrule": {"tag_id": "2", "client_platform_type": "2"},
            })
        );
        assert_eq!(answer(&request, r#"{"menuid":"208379533"}"#).unwrap().menuid, "208379533");
        assert_nothing_is_no_success(&request);
        assert!(AddConditionalMenu::new(menu, MatchRule::default()).is_err());
    }
}
