//! `GET /customservice/kfsession/getsession`
//!
//! Which member of staff a customer is talking to.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html>

use serde::{Deserialize, Serialize};
use weixin_proto::OpenId;
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks who is serving a customer.
#[derive(Debug, Clone, Serialize)]
pub struct FindSession {
    /// The customer.
    pub openid: OpenId,
}

/// The session of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Session {
    /// The member of staff, as `test1@kftest`; empty when nobody is serving the customer.
    #[serde(deserialize_with = "de::string")]
    pub kf_account: String,
    /// When the session began, in seconds since the Unix epoch.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub createtime: Option<i64>,
}

impl Session {
    /// The member of staff who is serving the customer, if one is.
    #[must_use]
    pub fn served_by(&self) -> Option<&str> {
        (!self.kf_account.is_empty()).then_some(self.kf_account.as_str())
    }
}

impl Endpoint for FindSession {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/customservice/kfsession/getsession",
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html",
    };
    type Response = Session;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = FindSession { openid: "OPENID".into() };
        assert_eq!(line(&request), "GET /customservice/kfsession/getsession?openid=OPENID&access_token=ACCESS_TOKEN");
        let session = answer(&request, r#"{"createtime":123456789,"kf_account":"test1@test"}"#).unwrap();
        assert_eq!((session.served_by(), session.createtime), (Some("test1@test"), Some(123_456_789)));
        let none = answer(&request, r#"{"createtime":0,"errcode":0,"errmsg":"ok","kf_account":""}"#).unwrap();
        assert_eq!(none.served_by(), None);
        assert_nothing_is_no_success(&request);
    }
}
