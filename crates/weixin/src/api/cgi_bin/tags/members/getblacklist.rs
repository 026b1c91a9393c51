//! `POST /cgi-bin/tags/members/getblacklist`
//!
//! The openids of everybody the account has blocked, 1,000 on a page (10,000 in earlier documentation).
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/Manage_blacklist.html>

use serde::Serialize;
use weixin_proto::OpenId;

use crate::api::cgi_bin::user::OpenIdPage;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for a page of blocked people.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListBlocked {
    /// The last one of the page before; `None` for the first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub begin_openid: Option<OpenId>,
}

impl Endpoint for ListBlocked {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/tags/members/getblacklist",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/User_Management/Manage_blacklist.html",
    };
    type Response = OpenIdPage;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = ListBlocked { begin_openid: Some("OPENID1".into()) };
        assert_eq!(line(&request), "POST /cgi-bin/tags/members/getblacklist?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"begin_openid": "OPENID1"}));
        assert_eq!(body(&ListBlocked::default()), json!({}));
        let page = answer(
            &request,
            r#"{"total":23000,"count":2,"data":{"openid":["OPENID1","OPENID10000"]},"next_openid":"OPENID10000"}"#,
        )
        .unwrap();
        assert_eq!((page.total, page.next()), (Some(23000), Some(&"OPENID10000".into())));
        assert_nothing_is_no_success(&request);
    }
}
