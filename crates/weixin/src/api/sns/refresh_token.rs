//! `GET /sns/oauth2/refresh_token`
//!
//! Renews a person's token, without the person, for 30 days after the login.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;
use weixin_proto::{AccessTokenValue, OpenId, RefreshTokenValue};

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire::{filled_id, filled_secret, two_hours};

/// Renews a token.
///
/// Refused with 42002 or 40030 when the 30 days are over, and with 42007 when the person changed their password: then
/// only a new login helps.
#[derive(Debug, Clone, Serialize)]
#[serde(into = "Wire")]
pub struct RefreshOAuthToken {
    /// The refresh token of the login.
    pub refresh_token: RefreshTokenValue,
}

#[derive(Serialize)]
struct Wire {
    grant_type: &'static str,
    #[serde(serialize_with = "weixin_proto::secret::serialize_exposed")]
    refresh_token: RefreshTokenValue,
}

impl From<RefreshOAuthToken> for Wire {
    fn from(RefreshOAuthToken { refresh_token }: RefreshOAuthToken) -> Self {
        Self { grant_type: "refresh_token", refresh_token }
    }
}

/// A renewed token.
#[derive(Debug, Clone, Deserialize)]
pub struct RefreshedOAuthToken {
    /// The person's token: the same one with a new life, or a new one.
    #[serde(deserialize_with = "filled_secret")]
    pub access_token: AccessTokenValue,
    /// Seconds it lives, between 30 and 7200.
    #[serde(default = "two_hours::unsaid", deserialize_with = "two_hours::clamped")]
    pub expires_in: i64,
    /// Usually the same as before; its 30 days do not begin anew.
    #[serde(deserialize_with = "filled_secret")]
    pub refresh_token: RefreshTokenValue,
    /// The person, as this account sees them.
    #[serde(deserialize_with = "filled_id")]
    pub openid: OpenId,
    /// What the person agreed to, separated by commas.
    #[serde(default, deserialize_with = "de::text")]
    pub scope: String,
}

impl Endpoint for RefreshOAuthToken {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/sns/oauth2/refresh_token",
        auth: Auth::AppId("appid"),
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html",
    };
    type Response = RefreshedOAuthToken;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Retry;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    fn request() -> RefreshOAuthToken {
        RefreshOAuthToken { refresh_token: "REFRESH_TOKEN".into() }
    }

    #[test]
    fn the_documented_request() {
        assert_eq!(
            line(&request()),
            "GET /sns/oauth2/refresh_token?grant_type=refresh_token&refresh_token=REFRESH_TOKEN\
             &appid=wxd930ea5d5a258f4f"
        );
    }

    #[test]
    fn the_documented_answer() {
        let token = answer(
            &request(),
            r#"{"access_token":"ACCESS_TOKEN","expires_in":7200,"refresh_token":"REFRESH_TOKEN","openid":"OPENID",
                "scope":"SCOPE"}"#,
        )
        .unwrap();
        assert_eq!((token.access_token.expose(), token.refresh_token.expose()), ("ACCESS_TOKEN", "REFRESH_TOKEN"));
        assert_eq!((token.openid.as_str(), token.expires_in), ("OPENID", 7200));
        assert_nothing_is_no_success(&request());
    }

    #[test]
    fn after_30_days_only_a_new_login_helps() {
        let error = answer(&request(), r#"{"errcode":42002,"errmsg":"refresh_token expired"}"#).unwrap_err();
        assert_eq!((error.errcode().unwrap().get(), error.retry()), (42002, Retry::Never));
    }
}
