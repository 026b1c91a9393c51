//! `POST /cgi-bin/user/tag/get`
//!
//! The openids of the followers with a tag, 10,000 on a page.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html>

use serde::Serialize;
use weixin_proto::OpenId;

use crate::api::cgi_bin::user::OpenIdPage;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for a page of the followers with a tag.
#[derive(Debug, Clone, Serialize)]
pub struct ListTagged {
    /// The tag.
    pub tagid: i64,
    /// The last one of the page before; `None` for the first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_openid: Option<OpenId>,
}

impl Endpoint for ListTagged {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/user/tag/get",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html",
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
        let request = ListTagged { tagid: 134, next_openid: None };
        assert_eq!(line(&request), "POST /cgi-bin/user/tag/get?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"tagid": 134}));
        let later = ListTagged { next_openid: Some("OPENID2".into()), ..request.clone() };
        assert_eq!(body(&later), json!({"tagid": 134, "next_openid": "OPENID2"}));
        let page = answer(
            &request,
            r#"{"count":2,"data":{"openid":["ocYxcuAEy30bX0NXmGn4ypqx3tI0","ocYxcuBt0mRugKZ7tGAHPnUaOW7Y"]},
                "next_openid":"ocYxcuBt0mRugKZ7tGAHPnUaOW7Y"}"#,
        )
        .unwrap();
        assert_eq!((page.total, page.count, page.openids.len()), (None, 2, 2));
        assert_eq!(page.next(), page.openids.last());
        assert_nothing_is_no_success(&request);
    }
}
