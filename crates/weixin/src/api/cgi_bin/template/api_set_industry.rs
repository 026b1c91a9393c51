//! `POST /cgi-bin/template/api_set_industry`
//!
//! Chooses the two industries of the account. Once a month (43100).
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html>

use serde::Serialize;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Chooses two industries by their numbers on WeChat's page.
#[derive(Debug, Clone, Serialize)]
pub struct SetIndustry {
    /// The first.
    pub industry_id1: String,
    /// The second.
    pub industry_id2: String,
}

impl Endpoint for SetIndustry {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/template/api_set_industry",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html",
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
        let request = SetIndustry { industry_id1: "1".into(), industry_id2: "4".into() };
        assert_eq!(line(&request), "POST /cgi-bin/template/api_set_industry?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"industry_id1": "1", "industry_id2": "4"}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
