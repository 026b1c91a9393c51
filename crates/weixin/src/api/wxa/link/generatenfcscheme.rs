//! `POST /wxa/generatenfcscheme`
//!
//! A scheme to be written into the NFC tag of a device.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-scheme/generateNFCScheme.html>

use serde::Serialize;

use super::{JumpTarget, Scheme};
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the scheme of a device.
#[derive(Debug, Clone, Serialize)]
pub struct GenerateNfcScheme {
    /// What it opens; `None`: the first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jump_wxa: Option<JumpTarget>,
    /// The model, as the console numbers it.
    pub model_id: String,
    /// The device, for models with one scheme each; such a scheme is made once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sn: Option<String>,
}

impl Endpoint for GenerateNfcScheme {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/generatenfcscheme",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-scheme/generateNFCScheme.html",
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
        let request = GenerateNfcScheme {
            jump_wxa: Some(JumpTarget {
                path: "/pages/publishHomework/publishHomework".into(),
                ..JumpTarget::default()
            }),
            model_id: "xxx".into(),
            sn: Some("XXX".into()),
        };
        assert_eq!(line(&request), "POST /wxa/generatenfcscheme?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"jump_wxa": {"path": "/pages/publishHomework/publishHomework", "query": "", "env_version": "release"},
                "model_id": "xxx", "sn": "XXX"})
        );
        assert_eq!(answer(&request, r#"{"errcode":0,"errmsg":"ok","openlink":"Scheme"}"#).unwrap().openlink, "Scheme");
        assert_nothing_is_no_success(&request);
    }
}
