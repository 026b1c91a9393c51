//! `POST /cgi-bin/clear_quota`
//!
//! Sets the daily counters of all interfaces back to zero. Ten times a month, shared with the button of the console.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/openApi/clear_quota.html>

use serde::Serialize;
use weixin_proto::AppId;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Clears the account's daily counters.
#[derive(Debug, Clone, Serialize)]
pub struct ClearQuota {
    /// The appid of the account the call is made for; WeChat refuses any other with 40013.
    pub appid: AppId,
}

impl Endpoint for ClearQuota {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/clear_quota",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/openApi/clear_quota.html",
    };
    type Response = Done;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};
    use crate::{ErrorKind, Retry};

    fn request() -> ClearQuota {
        ClearQuota { appid: AppId::new("wxd930ea5d5a258f4f") }
    }

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&request()), "POST /cgi-bin/clear_quota?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request()), json!({"appid": "wxd930ea5d5a258f4f"}));
        answer(&request(), r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request());
    }

    #[test]
    fn it_may_have_cleared_when_the_answer_says_nothing() {
        let error = answer(&request(), "{}").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Uncertain(_)), "{error}");
        assert_eq!(error.retry(), Retry::Maybe);
    }
}
