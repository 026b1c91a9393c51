//! `GET /sns/auth`
//!
//! Whether a person's token is still good.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html>

use serde::Serialize;
use weixin_proto::{AccessTokenValue, OpenId};

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks whether a token is good; refused with 40003, 40001 or 42001 if it is not.
#[derive(Debug, Clone, Serialize)]
pub struct CheckOAuthToken {
    /// The person's token.
    #[serde(serialize_with = "weixin_proto::secret::serialize_exposed")]
    pub access_token: AccessTokenValue,
    /// The person.
    pub openid: OpenId,
}

impl Endpoint for CheckOAuthToken {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/sns/auth",
        auth: Auth::UserToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html",
    };
    type Response = Done;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = CheckOAuthToken { access_token: "ACCESS_TOKEN".into(), openid: "OPENID".into() };
        assert_eq!(line(&request), "GET /sns/auth?access_token=ACCESS_TOKEN&openid=OPENID");
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        let error = answer(&request, r#"{"errcode":40003,"errmsg":"invalid openid"}"#).unwrap_err();
        assert_eq!(error.errcode().unwrap().get(), 40003);
        assert_nothing_is_no_success(&request);
    }
}
