//! `POST /customservice/kfaccount/add`
//!
//! Adds a member of staff, at most 100. Nobody stands behind the name yet: invite somebody next.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html>

use serde::Serialize;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Adds a member of staff. Refused with 65406 when the name is taken, 65405 when there are 100.
#[derive(Debug, Clone, Serialize)]
pub struct AddStaff {
    /// At most ten letters, digits and underscores, `@`, and the account's own WeChat name: `test1@kftest`.
    pub kf_account: String,
    /// What customers read, at most 16 characters.
    pub nickname: String,
}

impl Endpoint for AddStaff {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/customservice/kfaccount/add",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html",
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
        let request = AddStaff { kf_account: "test1@test".into(), nickname: "客服1".into() };
        assert_eq!(line(&request), "POST /customservice/kfaccount/add?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"kf_account": "test1@test", "nickname": "客服1"}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        let taken = answer(&request, r#"{"errcode":65406,"errmsg":"custom service account exists"}"#).unwrap_err();
        assert_eq!(taken.errcode().map(|code| code.get()), Some(65406));
        assert_nothing_is_no_success(&request);
    }
}
