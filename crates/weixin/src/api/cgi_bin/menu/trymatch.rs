//! `POST /cgi-bin/menu/trymatch`
//!
//! The menu a follower sees.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Personalized_menu_interface.html>

use serde::Serialize;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::menu::Menu;

/// Asks for a follower's menu.
#[derive(Debug, Clone, Serialize)]
pub struct TryMatchMenu {
    /// The openid or WeChat id of a follower (65302, 46004).
    pub user_id: String,
}

impl Endpoint for TryMatchMenu {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/menu/trymatch",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Personalized_menu_interface.html",
    };
    type Response = Menu;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};
    use crate::menu::Button;

    #[test]
    fn the_documented_call() {
        let request = TryMatchMenu { user_id: "weixin".into() };
        assert_eq!(line(&request), "POST /cgi-bin/menu/trymatch?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"user_id": "weixin"}));
        let menu = answer(
            &request,
            r#"{"button":[{"type":"view","name":"tx","url":"http://www.qq.com/","sub_button":[]},
                {"type":"view","name":"tx","url":"http://www.qq.com/","sub_button":[]}]}"#,
        )
        .unwrap();
        assert_eq!(menu, Menu::new(vec![Button::view("tx", "http://www.qq.com/"); 2]));
        assert_nothing_is_no_success(&request);
    }
}
