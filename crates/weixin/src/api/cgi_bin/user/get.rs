//! `GET /cgi-bin/user/get`
//!
//! The openids of everybody who follows the account, 10,000 on a page.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/Getting_a_User_List.html>

use serde::Serialize;
use weixin_proto::OpenId;

use crate::api::cgi_bin::user::OpenIdPage;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for a page of followers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ListFollowers {
    /// The last one of the page before; `None` for the first page.
    pub next_openid: Option<OpenId>,
}

impl Endpoint for ListFollowers {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/user/get",
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/User_Management/Getting_a_User_List.html",
    };
    type Response = OpenIdPage;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&ListFollowers::default()), "GET /cgi-bin/user/get?access_token=ACCESS_TOKEN");
        let request = ListFollowers { next_openid: Some(OpenId::new("NEXT_OPENID1")) };
        assert_eq!(line(&request), "GET /cgi-bin/user/get?next_openid=NEXT_OPENID1&access_token=ACCESS_TOKEN");
        let page = answer(
            &request,
            r#"{"total":23000,"count":2,"data":{"openid":["OPENID1","OPENID2"]},"next_openid":"OPENID2"}"#,
        )
        .unwrap();
        assert_eq!((page.total, page.count), (Some(23000), 2));
        assert_eq!(page.openids, [OpenId::new("OPENID1"), OpenId::new("OPENID2")]);
        assert_eq!(page.next(), Some(&OpenId::new("OPENID2")));
        assert_nothing_is_no_success(&request);
    }
}
