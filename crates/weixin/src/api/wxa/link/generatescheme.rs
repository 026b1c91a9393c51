//! `POST /wxa/generatescheme`
//!
//! A `weixin://` address that opens a mini program from a text message, a mail or a page outside WeChat. 500,000 a day together
//! with URL links, 100 a second.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-scheme/generateScheme.html>

use serde::{Deserialize, Serialize};

use super::Expiry;
use crate::api::wxa::code::EnvVersion;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for a scheme.
#[derive(Debug, Clone, Serialize)]
pub struct GenerateScheme {
    /// What it opens; `None`: the first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jump_wxa: Option<JumpTarget>,
    /// When it ends.
    #[serde(flatten)]
    pub expiry: Expiry,
}

/// A page of the mini program.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct JumpTarget {
    /// A page of the released version, without query; empty: the first one.
    pub path: String,
    /// As `k1=v1&k2=v2`, at most 1024 characters.
    pub query: String,
    /// Which version is opened, from outside WeChat.
    pub env_version: EnvVersion,
}

/// A scheme.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Scheme {
    /// As `weixin://dl/business/?t=…`; `&cq=…` may be appended, at most 256 characters.
    pub openlink: String,
}

impl Endpoint for GenerateScheme {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/generatescheme",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-scheme/generateScheme.html",
    };
    type Response = Scheme;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let target = JumpTarget { path: "/pages/publishHomework/publishHomework".into(), ..JumpTarget::default() };
        let request = GenerateScheme { jump_wxa: Some(target), expiry: Expiry::At(1_606_737_600) };
        assert_eq!(line(&request), "POST /wxa/generatescheme?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"jump_wxa": {"path": "/pages/publishHomework/publishHomework", "query": "", "env_version": "release"},
                "is_expire": true, "expire_type": 0, "expire_time": 1606737600})
        );
        let scheme =
            answer(&request, r#"{"errcode":0,"errmsg":"ok","openlink":"weixin://dl/business/?t=XTSkBZlzqmn"}"#);
        assert_eq!(scheme.unwrap().openlink, "weixin://dl/business/?t=XTSkBZlzqmn");
        assert_nothing_is_no_success(&request);
    }
}
