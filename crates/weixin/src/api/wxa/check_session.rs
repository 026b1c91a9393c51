//! `GET /wxa/checksession`
//!
//! Whether a session key is still the one WeChat and the person's client use.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/checkSessionKey.html>

use std::fmt;

use serde::Serialize;
use weixin_proto::{OpenId, SessionKey, sign};

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks whether a session key is good; refused with 87009 if it is not.
#[derive(Clone, Serialize)]
pub struct CheckSessionKey {
    openid: OpenId,
    signature: String,
    sig_method: &'static str,
}

impl CheckSessionKey {
    /// Whether `session_key` is the one of `openid`. The key itself does not travel, a signature made with it does.
    #[must_use]
    pub fn new(openid: OpenId, session_key: &SessionKey) -> Self {
        let signature = sign::session_signature(session_key.expose(), b"");
        Self { openid, signature, sig_method: "hmac_sha256" }
    }
}

impl fmt::Debug for CheckSessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckSessionKey").field("openid", &self.openid).finish_non_exhaustive()
    }
}

impl Endpoint for CheckSessionKey {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/wxa/checksession",
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/checkSessionKey.html",
    };
    type Response = Done;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = CheckSessionKey::new("OPENID".into(), &SessionKey::new("o0q0otL8aEzpcZL/FT9WsQ=="));
        assert_eq!(
            line(&request),
            "GET /wxa/checksession?openid=OPENID&sig_method=hmac_sha256\
             &signature=46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128&access_token=ACCESS_TOKEN"
        );
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        let error = answer(&request, r#"{"errcode":87009,"errmsg":"invalid signature"}"#).unwrap_err();
        assert_eq!(error.errcode().unwrap().get(), 87009);
        assert_nothing_is_no_success(&request);
    }
}
