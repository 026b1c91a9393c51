//! `GET /customservice/kfaccount/del`
//!
//! Removes a member of staff; their sessions end.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html>

use serde::Serialize;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Removes a member of staff. Refused with 65401 when there is none of that account.
#[derive(Debug, Clone, Serialize)]
pub struct DeleteStaff {
    /// Who, as `test1@kftest`.
    pub kf_account: String,
}

impl Endpoint for DeleteStaff {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/customservice/kfaccount/del",
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html",
    };
    type Response = Done;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = DeleteStaff { kf_account: "test1@test".into() };
        assert_eq!(
            line(&request),
            "GET /customservice/kfaccount/del?kf_account=test1%40test&access_token=ACCESS_TOKEN"
        );
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
