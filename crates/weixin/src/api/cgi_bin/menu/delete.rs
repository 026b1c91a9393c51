//! `GET /cgi-bin/menu/delete`
//!
//! Deletes the default menu and all conditional ones.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Deleting_Custom-Defined_Menu.html>

use serde::Serialize;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Deletes all menus.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct DeleteMenu {}

impl Endpoint for DeleteMenu {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/menu/delete",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Deleting_Custom-Defined_Menu.html",
    };
    type Response = Done;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&DeleteMenu {}), "GET /cgi-bin/menu/delete?access_token=ACCESS_TOKEN");
        answer(&DeleteMenu {}, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&DeleteMenu {});
    }
}
