//! `POST /cgi-bin/menu/delconditional`
//!
//! Deletes a conditional menu.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Personalized_menu_interface.html>

use serde::Serialize;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Deletes a conditional menu.
#[derive(Debug, Clone, Serialize)]
pub struct DeleteConditionalMenu {
    /// Its number (65301).
    pub menuid: String,
}

impl Endpoint for DeleteConditionalMenu {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/menu/delconditional",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Personalized_menu_interface.html",
    };
    type Response = Done;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = DeleteConditionalMenu { menuid: "208379533".into() };
        assert_eq!(line(&request), "POST /cgi-bin/menu/delconditional?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"menuid": "208379533"}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
