//! `POST /wxa/business/getuserphonenumber`
//!
//! Exchanges the code of a phone-number button for the number. A code works once, for five minutes, and each success is
//! paid for.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html>

use std::fmt;

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;
use weixin_proto::{AppId, OneTimeCode, OpenId};

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Exchanges a phone code.
#[derive(Debug, Clone, Serialize)]
pub struct GetPhoneNumber {
    /// What the button gave. The code of `wx.login` is another kind.
    #[serde(serialize_with = "weixin_proto::secret::serialize_exposed")]
    pub code: OneTimeCode,
    /// The person the code must belong to, if WeChat is to check that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub openid: Option<OpenId>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PhoneNumber {
    /// The number.
    pub phone_info: PhoneInfo,
}

/// A phone number. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PhoneInfo {
    /// The number; foreign ones with their country code.
    #[serde(deserialize_with = "de::string")]
    pub phone_number: String,
    /// The number without country code.
    #[serde(deserialize_with = "de::string")]
    pub pure_phone_number: String,
    /// Country code, for instance `86`.
    #[serde(deserialize_with = "de::string")]
    pub country_code: String,
    /// When and for whom WeChat gave the number out.
    pub watermark: Watermark,
}

/// When and for whom WeChat gave out data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Watermark {
    /// Seconds since the Unix epoch.
    #[serde(deserialize_with = "de::int")]
    pub timestamp: i64,
    /// The mini program.
    pub appid: AppId,
}

impl fmt::Debug for PhoneInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhoneInfo").field("watermark", &self.watermark).finish_non_exhaustive()
    }
}

impl Endpoint for GetPhoneNumber {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/business/getuserphonenumber",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html",
    };
    type Response = PhoneNumber;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    fn request() -> GetPhoneNumber {
        GetPhoneNumber { code: "e31968a7f94cc5ee25fafc2aef2773f0bb8c3937b22520eb8ee345274d00c144".into(), openid: None }
    }

    #[test]
    fn the_documented_request() {
        assert_eq!(line(&request()), "POST /wxa/business/getuserphonenumber?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request()),
            json!({"code": "e31968a7f94cc5ee25fafc2aef2773f0bb8c3937b22520eb8ee345274d00c144"})
        );
        let checked = GetPhoneNumber { openid: Some("OPENID".into()), ..request() };
        assert_eq!(body(&checked)["openid"], "OPENID");
        assert!(!format!("{:?}", request()).contains("e31968"));
    }

    #[test]
    fn the_documented_answer_with_the_country_code_as_text_or_number() {
        for country_code in [r#""86""#, "86"] {
            let body = format!(
                r#"{{"errcode":0,"errmsg":"ok","phone_info":{{"phoneNumber":"13800138000",
                "purePhoneNumber":"13800138000","countryCode":{country_code},
                "watermark":{{"timestamp":1637744274,"appid":"xxxx"}}}}}}"#
            );
            let answer = answer(&request(), body.leak()).unwrap();
            assert_eq!(
                (answer.phone_info.country_code.as_str(), answer.phone_info.watermark.timestamp),
                ("86", 1637744274)
            );
            assert_eq!(answer.phone_info.pure_phone_number, "13800138000");
            assert!(!format!("{answer:?}").contains("138"));
        }
        assert_nothing_is_no_success(&request());
    }
}
