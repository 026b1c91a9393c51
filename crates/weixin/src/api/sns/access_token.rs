//! `GET /sns/oauth2/access_token`
//!
//! Exchanges the code of a web or website login for the person's token. A code works once.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;
use weixin_proto::{AccessTokenValue, OneTimeCode, OpenId, RefreshTokenValue, UnionId};

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire::{filled_id, filled_secret, two_hours};

/// Exchanges a code.
#[derive(Debug, Clone, Serialize)]
#[serde(into = "Wire")]
pub struct ExchangeCode {
    /// The code, as it came back in the query.
    pub code: OneTimeCode,
}

#[derive(Serialize)]
struct Wire {
    #[serde(serialize_with = "weixin_proto::secret::serialize_exposed")]
    code: OneTimeCode,
    grant_type: &'static str,
}

impl From<ExchangeCode> for Wire {
    fn from(ExchangeCode { code }: ExchangeCode) -> Self {
        Self { code, grant_type: "authorization_code" }
    }
}

/// A person's token and who the person is.
#[derive(Debug, Clone, Deserialize)]
pub struct OAuthToken {
    /// The person's token, for [`FetchUserProfile`](super::FetchUserProfile).
    #[serde(deserialize_with = "filled_secret")]
    pub access_token: AccessTokenValue,
    /// Seconds it lives, between 30 and 7200.
    #[serde(default = "two_hours::unsaid", deserialize_with = "two_hours::clamped")]
    pub expires_in: i64,
    /// Renews the token for 30 days.
    #[serde(deserialize_with = "filled_secret")]
    pub refresh_token: RefreshTokenValue,
    /// The person, as this account sees them.
    #[serde(deserialize_with = "filled_id")]
    pub openid: OpenId,
    /// What the person agreed to, separated by commas.
    #[serde(default, deserialize_with = "de::text")]
    pub scope: String,
    /// Whether this is the virtual person of a snapshot page, with whom no user must be created.
    #[serde(default, deserialize_with = "de::boolish")]
    pub is_snapshotuser: bool,
    /// The person across the accounts of one open-platform group, where there is one.
    #[serde(default, deserialize_with = "de::opt_id")]
    pub unionid: Option<UnionId>,
}

impl Endpoint for ExchangeCode {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/sns/oauth2/access_token",
        auth: Auth::APP_SECRET,
        encoding: Encoding::Query,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html",
    };
    type Response = OAuthToken;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};
    use crate::{ErrorKind, Retry};

    fn request() -> ExchangeCode {
        ExchangeCode { code: "0a1 b&c=".into() }
    }

    #[test]
    fn the_documented_request_with_the_code_escaped() {
        assert_eq!(
            line(&request()),
            "GET /sns/oauth2/access_token?code=0a1%20b%26c%3D&grant_type=authorization_code\
             &appid=wxd930ea5d5a258f4f&secret=SECRET"
        );
        assert!(!format!("{:?}", request()).contains("0a1"));
    }

    #[test]
    fn the_documented_answer() {
        let token = answer(
            &request(),
            r#"{"access_token":"ACCESS_TOKEN","expires_in":7200,"refresh_token":"REFRESH_TOKEN","openid":"OPENID",
                "scope":"snsapi_userinfo","is_snapshotuser":1,"unionid":"UNIONID"}"#,
        )
        .unwrap();
        assert_eq!(token.access_token.expose(), "ACCESS_TOKEN");
        assert_eq!(token.refresh_token.expose(), "REFRESH_TOKEN");
        assert_eq!(
            (token.openid.as_str(), token.expires_in, token.scope.as_str()),
            ("OPENID", 7200, "snsapi_userinfo")
        );
        assert!(token.is_snapshotuser);
        assert_eq!(token.unionid, Some(UnionId::new("UNIONID")));
        let shown = format!("{token:?}");
        assert!(!shown.contains("ACCESS_TOKEN") && !shown.contains("REFRESH_TOKEN"), "{shown}");
    }

    #[test]
    fn an_ordinary_person_of_an_account_without_a_group() {
        let token = answer(
            &request(),
            r#"{"access_token":"a","expires_in":"7200","refresh_token":"r","openid":"o","scope":"snsapi_base"}"#,
        )
        .unwrap();
        assert!(!token.is_snapshotuser && token.unionid.is_none());
        assert_eq!(token.expires_in, 7200);
    }

    #[test]
    fn a_used_code_is_refused_for_good() {
        let body = r#"{"errcode":40163,"errmsg":"code been used, rid: 62de9a0b-7149b5f1-2eee4908"}"#;
        let error = answer(&request(), body).unwrap_err();
        assert_eq!((error.errcode().unwrap().get(), error.errmsg()), (40163, Some("code been used")));
        assert_eq!((error.rid(), error.retry()), (Some("62de9a0b-7149b5f1-2eee4908"), Retry::Never));
    }

    #[test]
    fn an_answer_without_the_person_leaves_it_open_whether_the_code_is_used_up() {
        assert_nothing_is_no_success(&request());
        let damaged = r#"{"access_token":"a","refresh_token":"r","openid":"o\ud800","scope":""}"#;
        assert!(matches!(answer(&request(), damaged).unwrap_err().kind(), ErrorKind::Uncertain(_)));
    }
}
