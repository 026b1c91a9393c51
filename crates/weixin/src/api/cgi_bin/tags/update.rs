//! `POST /cgi-bin/tags/update`
//!
//! Gives a tag another name.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html>

use serde::Serialize;

use super::Tag;
use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Renames a tag.
#[derive(Debug, Clone, Serialize)]
pub struct UpdateTag {
    /// The tag (45159; 45058 for 0, 1 and 2, WeChat's own) with its new name.
    pub tag: Tag,
}

impl Endpoint for UpdateTag {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/tags/update",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html",
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
        let request = UpdateTag { tag: Tag { id: 134, name: "广东人".into() } };
        assert_eq!(line(&request), "POST /cgi-bin/tags/update?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"tag": {"id": 134, "name": "广东人"}}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
