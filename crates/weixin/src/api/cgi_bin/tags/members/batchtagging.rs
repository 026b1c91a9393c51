//! `POST /cgi-bin/tags/members/batchtagging`
//!
//! Gives up to 50 followers a tag. A follower has at most 20 (45059).
//!
//! Calls about the same person at the same time disturb each other (45169): make them one after the other.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html>

use serde::Serialize;
use weixin_proto::OpenId;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Gives followers a tag.
#[derive(Debug, Clone, Serialize)]
pub struct TagUsers {
    /// 1 to 50 followers (40032).
    pub openid_list: Vec<OpenId>,
    /// The tag (45159).
    pub tagid: i64,
}

impl Endpoint for TagUsers {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/tags/members/batchtagging",
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
        let openid_list = vec!["ocYxcuAEy30bX0NXmGn4ypqx3tI0".into(), "ocYxcuBt0mRugKZ7tGAHPnUaOW7Y".into()];
        let request = TagUsers { openid_list, tagid: 134 };
        assert_eq!(line(&request), "POST /cgi-bin/tags/members/batchtagging?access_token=ACCESS_TOKEN");
        let people = ["ocYxcuAEy30bX0NXmGn4ypqx3tI0", "ocYxcuBt0mRugKZ7tGAHPnUaOW7Y"];
        assert_eq!(body(&request), json!({"openid_list": people, "tagid": 134}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
