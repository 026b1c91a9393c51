//! `POST /cgi-bin/tags/members/batchunblacklist`
//!
//! Lets up to 20 people back in.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/Manage_blacklist.html>

use serde::Serialize;
use weixin_proto::OpenId;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Unblocks people.
#[derive(Debug, Clone, Serialize)]
pub struct UnblockUsers {
    /// 1 to 20 people (40032).
    pub openid_list: Vec<OpenId>,
}

impl Endpoint for UnblockUsers {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/tags/members/batchunblacklist",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/User_Management/Manage_blacklist.html",
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
        let request = UnblockUsers { openid_list: vec!["OPENID1".into(), "OPENID2".into()] };
        assert_eq!(line(&request), "POST /cgi-bin/tags/members/batchunblacklist?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"openid_list": ["OPENID1", "OPENID2"]}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
