//! `GET /sns/jscode2session`
//!
//! Exchanges the code of `wx.login` for the person and the key of their session. A code works once, for five minutes.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;
use weixin_proto::{OneTimeCode, OpenId, SessionKey, UnionId};

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire::{filled_id, filled_secret};

/// Exchanges a code of `wx.login`.
///
/// Refused with 40029 when the code is unknown, past its life or of another mini program, with 40163 when it was used,
/// and with 40226 when WeChat holds the person for a risk.
#[derive(Debug, Clone, Serialize)]
#[serde(into = "Wire")]
pub struct CodeToSession {
    /// What `wx.login` gave. The code of a phone-number button is another kind.
    pub js_code: OneTimeCode,
}

#[derive(Serialize)]
struct Wire {
    #[serde(serialize_with = "weixin_proto::secret::serialize_exposed")]
    js_code: OneTimeCode,
    grant_type: &'static str,
}

impl From<CodeToSession> for Wire {
    fn from(CodeToSession { js_code }: CodeToSession) -> Self {
        Self { js_code, grant_type: "authorization_code" }
    }
}

/// A person in a mini program.
#[derive(Debug, Clone, Deserialize)]
pub struct MiniSession {
    /// The person, as this mini program sees them.
    #[serde(deserialize_with = "filled_id")]
    pub openid: OpenId,
    /// Decrypts what the client sends and signs what is asked about the session. Never leaves the server.
    #[serde(deserialize_with = "filled_secret")]
    pub session_key: SessionKey,
    /// The person across the accounts of one open-platform group, where there is one.
    #[serde(default, deserialize_with = "de::opt_id")]
    pub unionid: Option<UnionId>,
}

impl Endpoint for CodeToSession {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/sns/jscode2session",
        auth: Auth::APP_SECRET,
        encoding: Encoding::Query,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html",
    };
    type Response = MiniSession;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Retry;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    fn request() -> CodeToSession {
        CodeToSession { js_code: "JSCODE".into() }
    }

    #[test]
    fn the_documented_request() {
        assert_eq!(
            line(&request()),
            "GET /sns/jscode2session?grant_type=authorization_code&js_code=JSCODE\
             &appid=wxd930ea5d5a258f4f&secret=SECRET"
        );
        assert!(!format!("{:?}", request()).contains("JSCODE"));
    }

    #[test]
    fn the_documented_answer_with_and_without_a_code() {
        for body in [
            r#"{"openid":"OPENID","session_key":"SESSION_KEY","unionid":"UNIONID","errcode":0,"errmsg":""}"#,
            r#"{"openid":"OPENID","session_key":"SESSION_KEY","unionid":"UNIONID"}"#,
        ] {
            let session = answer(&request(), body).unwrap();
            assert_eq!((session.openid.as_str(), session.session_key.expose()), ("OPENID", "SESSION_KEY"));
            assert_eq!(session.unionid, Some(UnionId::new("UNIONID")));
            assert!(!format!("{session:?}").contains("SESSION_KEY"));
        }
        assert_nothing_is_no_success(&request());
    }

    #[test]
    fn a_person_held_for_a_risk_stays_out() {
        let error = answer(&request(), r#"{"errcode":40226,"errmsg":"code blocked"}"#).unwrap_err();
        assert_eq!((error.errcode().unwrap().get(), error.retry()), (40226, Retry::Never));
    }
}
