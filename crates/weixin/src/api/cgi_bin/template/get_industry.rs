//! `GET /cgi-bin/template/get_industry`
//!
//! Tells the two industries of the account.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html>

use serde::{Deserialize, Serialize};

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the industries.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct GetIndustry {}

/// The industries of the account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Industries {
    /// The first.
    pub primary_industry: Industry,
    /// The second.
    pub secondary_industry: Industry,
}

/// One industry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Industry {
    /// Its class, for instance 运输与仓储.
    pub first_class: String,
    /// Within it, for instance 快递.
    pub second_class: String,
}

impl Endpoint for GetIndustry {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/template/get_industry",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html",
    };
    type Response = Industries;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = GetIndustry {};
        assert_eq!(line(&request), "GET /cgi-bin/template/get_industry?access_token=ACCESS_TOKEN");
        let industries = answer(
            &request,
            r#"{"primary_industry":{"first_class":"运输与仓储","second_class":"快递"},
                "secondary_industry":{"first_class":"IT科技","second_class":"互联网|电子商务"}}"#,
        )
        .unwrap();
        assert_eq!(industries.primary_industry.second_class, "快递");
        assert_eq!(industries.secondary_industry.first_class, "IT科技");
        assert_nothing_is_no_success(&request);
    }
}
