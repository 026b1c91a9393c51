//! `POST /customservice/kfsession/close`
//!
//! Ends the conversation of a customer and a member of staff.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html>

use serde::Serialize;
use weixin_proto::OpenId;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Closes a session. Refused with 65413 when the two have none.
#[derive(Debug, Clone, Serialize)]
pub struct CloseSession {
    /// The member of staff, as `test1@kftest`.
    pub kf_account: String,
    /// The customer.
    pub openid: OpenId,
}

impl Endpoint for CloseSession {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/customservice/kfsession/close",
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
        let request = CloseSession { kf_account: "test1@test".into(), openid: "OPENID".into() };
        assert_eq!(line(&request), "POST /customservice/kfsession/close?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"kf_account": "test1@test", "openid": "OPENID"}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
