//! `POST /cgi-bin/tags/members/batchblacklist`
//!
//! Blocks up to 20 people: they can no longer write to the account.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/Manage_blacklist.html>

use serde::Serialize;
use weixin_proto::OpenId;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Blocks people.
#[derive(Debug, Clone, Serialize)]
pub struct BlockUsers {
    /// 1 to 20 people (40032).
    pub openid_list: Vec<OpenId>,
}

impl Endpoint for BlockUsers {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/tags/members/batchblacklist",
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
        let request = BlockUsers { openid_list: vec!["OPENID1".into(), "OPENID2".into()] };
        assert_eq!(line(&request), "POST /cgi-bin/tags/members/batchblacklist?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"openid_list": ["OPENID1", "OPENID2"]}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
