//! `GET /cgi-bin/token`
//!
//! A new access token. Every call retires the token before it; both work for five minutes more.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Get_access_token.html>

use serde::{Deserialize, Serialize};
use weixin_proto::AccessTokenValue;
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire::filled_secret;

/// Asks for a new access token of the classic kind.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(into = "Wire")]
pub struct GetToken {}

#[derive(Serialize)]
struct Wire {
    grant_type: &'static str,
}

impl From<GetToken> for Wire {
    fn from(_: GetToken) -> Self {
        Self { grant_type: "client_credential" }
    }
}

/// An access token, fresh from WeChat.
#[derive(Debug, Clone, Deserialize)]
pub struct AccessToken {
    /// The token, up to 512 characters and more.
    #[serde(deserialize_with = "filled_secret")]
    pub access_token: AccessTokenValue,
    /// Seconds it lives, as WeChat says: usually 7200.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub expires_in: Option<i64>,
}

impl Endpoint for GetToken {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/token",
        auth: Auth::APP_SECRET,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Get_access_token.html",
    };
    type Response = AccessToken;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_request() {
        assert_eq!(
            line(&GetToken {}),
            "GET /cgi-bin/token?grant_type=client_credential&appid=wxd930ea5d5a258f4f&secret=SECRET"
        );
    }

    #[test]
    fn the_documented_answer() {
        let token = answer(&GetToken {}, r#"{"access_token":"ACCESS_TOKEN","expires_in":7200}"#).unwrap();
        assert_eq!(token.access_token.expose(), "ACCESS_TOKEN");
        assert_eq!(token.expires_in, Some(7200));
    }

    #[test]
    fn a_token_of_more_than_512_characters_is_read_whole() {
        let body = format!(r#"{{"access_token":"{}","expires_in":"7200"}}"#, "x".repeat(1024)).leak();
        assert_eq!(answer(&GetToken {}, body).unwrap().access_token.expose().len(), 1024);
    }

    #[test]
    fn the_documented_refusal() {
        let error = answer(&GetToken {}, r#"{"errcode":40013,"errmsg":"invalid appid"}"#).unwrap_err();
        assert_eq!((error.errcode().unwrap().get(), error.errmsg()), (40013, Some("invalid appid")));
    }

    #[test]
    fn an_empty_or_damaged_token_is_no_token() {
        assert_nothing_is_no_success(&GetToken {});
        for body in [r#"{"access_token":"","expires_in":7200}"#, r#"{"access_token":"a\u0007b","expires_in":7200}"#] {
            assert!(matches!(answer(&GetToken {}, body).unwrap_err().kind(), ErrorKind::Decode(_)), "{body}");
        }
    }
}
