//! `POST /cgi-bin/menu/create`
//!
//! Makes or replaces the default menu. Followers see it within five minutes; who follows anew sees it at once.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html>

use serde::Serialize;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::menu::{InvalidMenu, Menu};

/// Makes or replaces the default menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CreateMenu {
    menu: Menu,
}

impl CreateMenu {
    /// The request, if the menu keeps all limits. [`Client::raw`](crate::Client::raw) sends what it likes.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the menu.
    pub fn new(menu: Menu) -> Result<Self, InvalidMenu> {
        menu.check().map(|()| Self { menu })
    }
}

impl Endpoint for CreateMenu {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/menu/create",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html",
    };
    type Response = Done;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};
    use crate::menu::Button;

    #[test]
    fn the_documented_call() {
        let good =
            Button::list("菜单", [Button::view("搜索", "http://www.soso.com/"), Button::click("赞", "V1001_GOOD")]);
        let request = CreateMenu::new(Menu::new([Button::click("今日歌曲", "V1001_TODAY_MUSIC"), good])).unwrap();
        assert_eq!(line(&request), "POST /cgi-bin/menu/create?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"button": [
                {"type": "click", "name": "今日歌曲", "key": "V1001_TODAY_MUSIC"},
                {"name": "菜单", "sub_button": [
                    {"type": "view", "name": "搜索", "url": "http://www.soso.com/"},
                    {"type": "click", "name": "赞", "key": "V1001_GOOD"},
                ]},
            ]})
        );
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
        assert!(CreateMenu::new(Menu::new([])).is_err());
    }
}
