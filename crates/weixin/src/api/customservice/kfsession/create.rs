//! `POST /customservice/kfsession/create`
//!
//! Puts a customer in the hands of a member of staff, who must be online. What the customer says goes there from now on
//! instead of into callbacks.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html>

use serde::Serialize;
use weixin_proto::OpenId;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Opens a session. Refused with 65401, 65402, 65414, 65415: no such account, nobody behind it, another is serving the
/// customer, not online.
#[derive(Debug, Clone, Serialize)]
pub struct OpenSession {
    /// The member of staff, as `test1@kftest`.
    pub kf_account: String,
    /// The customer.
    pub openid: OpenId,
}

impl Endpoint for OpenSession {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/customservice/kfsession/create",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html",
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
        let request = OpenSession { kf_account: "test1@test".into(), openid: "OPENID".into() };
        assert_eq!(line(&request), "POST /customservice/kfsession/create?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"kf_account": "test1@test", "openid": "OPENID"}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
