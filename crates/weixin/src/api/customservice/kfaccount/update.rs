//! `POST /customservice/kfaccount/update`
//!
//! Gives a member of staff another name for customers to read.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html>

use serde::Serialize;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Renames a member of staff. Refused with 65401 when there is none of that account.
#[derive(Debug, Clone, Serialize)]
pub struct RenameStaff {
    /// Who, as `test1@kftest`.
    pub kf_account: String,
    /// What customers read from now on, at most 16 characters.
    pub nickname: String,
}

impl Endpoint for RenameStaff {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/customservice/kfaccount/update",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
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
        let request = RenameStaff { kf_account: "test1@test".into(), nickname: "客服1".into() };
        assert_eq!(line(&request), "POST /customservice/kfaccount/update?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"kf_account": "test1@test", "nickname": "客服1"}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
