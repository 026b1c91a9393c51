//! `GET /customservice/kfsession/getsessionlist`
//!
//! The customers a member of staff is talking to.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html>

use serde::{Deserialize, Serialize};
use weixin_proto::OpenId;
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire::filled_id;

/// Asks for the sessions of a member of staff.
#[derive(Debug, Clone, Serialize)]
pub struct ListSessions {
    /// Who, as `test1@kftest`.
    pub kf_account: String,
}

/// Open sessions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SessionList {
    /// One for each customer.
    #[serde(deserialize_with = "de::list")]
    pub sessionlist: Vec<SessionOfStaff>,
}

/// One customer of a member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SessionOfStaff {
    /// The customer.
    #[serde(deserialize_with = "filled_id")]
    pub openid: OpenId,
    /// When the session began, in seconds since the Unix epoch.
    #[serde(deserialize_with = "de::int")]
    pub createtime: i64,
}

impl Endpoint for ListSessions {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/customservice/kfsession/getsessionlist",
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html",
    };
    type Response = SessionList;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = ListSessions { kf_account: "test1@test".into() };
        assert_eq!(
            line(&request),
            "GET /customservice/kfsession/getsessionlist?kf_account=test1%40test&access_token=ACCESS_TOKEN"
        );
        let list = answer(
            &request,
            r#"{"sessionlist":[{"createtime":123456789,"openid":"OPENID1"},{"createtime":"123456790","openid":"OPENID2"}]}"#,
        )
        .unwrap()
        .sessionlist;
        assert_eq!((list.len(), list[1].openid.as_str(), list[1].createtime), (2, "OPENID2", 123_456_790));
        assert!(answer(&request, r#"{"sessionlist":[]}"#).unwrap().sessionlist.is_empty());
        assert_nothing_is_no_success(&request);
    }
}
