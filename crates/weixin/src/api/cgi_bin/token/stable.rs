//! `POST /cgi-bin/stable_token`
//!
//! The account's stable access token: the same for everyone who asks, until five minutes before its end. The secret
//! travels in the body. 10,000 calls a minute, 500,000 a day.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/getStableAccessToken.html>

use serde::Serialize;

use super::AccessToken;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the stable access token.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[serde(into = "Wire")]
pub struct GetStableToken {
    /// Kills the token there is, at once and for everybody, and makes a new one. At most 20 times a day; within 30
    /// seconds of the last time nothing happens, so even this may be sent twice. For people, not for programs.
    pub force_refresh: bool,
}

#[derive(Serialize)]
struct Wire {
    grant_type: &'static str,
    force_refresh: bool,
}

impl From<GetStableToken> for Wire {
    fn from(GetStableToken { force_refresh }: GetStableToken) -> Self {
        Self { grant_type: "client_credential", force_refresh }
    }
}

impl Endpoint for GetStableToken {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/stable_token",
        auth: Auth::APP_SECRET,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/getStableAccessToken.html",
    };
    type Response = AccessToken;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_request() {
        let request = GetStableToken { force_refresh: true };
        assert_eq!(line(&request), "POST /cgi-bin/stable_token?", "the secret is not in the address");
        assert_eq!(
            body(&request),
            json!({
                "grant_type": "client_credential",
                "appid": "wxd930ea5d5a258f4f",
                "secret": "SECRET",
                "force_refresh": true
            })
        );
        assert_eq!(body(&GetStableToken::default())["force_refresh"], false);
    }

    #[test]
    fn the_documented_answer() {
        let request = GetStableToken::default();
        let token = answer(&request, r#"{"access_token":"ACCESS_TOKEN","expires_in":345}"#).unwrap();
        assert_eq!((token.access_token.expose(), token.expires_in), ("ACCESS_TOKEN", Some(345)));
        assert_nothing_is_no_success(&request);
    }
}
