//! `GET /wxa/resetusersessionkey`
//!
//! Replaces a session key that may have leaked. The old one is dead at once; the new one lives as long as the old one would
//! have.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/ResetUserSessionKey.html>

use std::fmt;

use serde::{Deserialize, Serialize};
use weixin_proto::{OpenId, SessionKey, sign};

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire::{filled_id, filled_secret};

/// Replaces a session key.
#[derive(Clone, Serialize)]
pub struct ResetSessionKey {
    openid: OpenId,
    signature: String,
    sig_method: &'static str,
}

impl ResetSessionKey {
    /// Replaces `session_key` of `openid`. The key itself does not travel, a signature made with it does.
    #[must_use]
    pub fn new(openid: OpenId, session_key: &SessionKey) -> Self {
        let signature = sign::session_signature(session_key.expose(), b"");
        Self { openid, signature, sig_method: "hmac_sha256" }
    }
}

impl fmt::Debug for ResetSessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResetSessionKey").field("openid", &self.openid).finish_non_exhaustive()
    }
}

/// The new key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NewSessionKey {
    /// Whose it is.
    #[serde(deserialize_with = "filled_id")]
    pub openid: OpenId,
    /// The key.
    #[serde(deserialize_with = "filled_secret")]
    pub session_key: SessionKey,
}

impl Endpoint for ResetSessionKey {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/wxa/resetusersessionkey",
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/ResetUserSessionKey.html",
    };
    type Response = NewSessionKey;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = ResetSessionKey::new("OPENID".into(), &SessionKey::new("o0q0otL8aEzpcZL/FT9WsQ=="));
        assert_eq!(
            line(&request),
            "GET /wxa/resetusersessionkey?openid=OPENID&sig_method=hmac_sha256\
             &signature=46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128&access_token=ACCESS_TOKEN"
        );
        assert!(!format!("{request:?}").contains("46e043"));
        let body = r#"{"errcode":0,"errmsg":"ok","openid":"OPENID","session_key":"xxxxxxxxxxxxxxxxxxxxxx=="}"#;
        let reset = answer(&request, body).unwrap();
        assert_eq!((reset.openid.as_str(), reset.session_key.expose().len()), ("OPENID", 24));
        let bare = r#"{"errcode":0,"errmsg":"ok","openid":"OPENID","session_key":""}"#;
        assert!(answer(&request, bare).is_err());
        assert_nothing_is_no_success(&request);
    }
}
