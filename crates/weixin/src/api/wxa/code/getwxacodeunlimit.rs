//! `POST /wxa/getwxacodeunlimit`
//!
//! A round code for a page with a short text instead of a query. As many as wanted, 5,000 calls a minute; they last for good.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/getUnlimitedQRCode.html>

use serde::Serialize;

use super::{CodeStyle, LONGEST_FILE};
use crate::File;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the code of a page and a scene.
#[derive(Debug, Clone, Serialize)]
pub struct GetUnlimitedCode {
    /// What the page gets as `scene`: 1–32 of letters, digits and ``!#$&'()*+,/:;=?@-._~``. For more, keep the text and
    /// send its key.
    pub scene: String,
    /// The page, without query and without a slash at the beginning; `None`: the first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// `false`: the page need not exist in the released version yet; at most 60,000 such pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_path: Option<bool>,
    /// How it looks.
    #[serde(flatten)]
    pub style: CodeStyle,
}

impl Endpoint for GetUnlimitedCode {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/getwxacodeunlimit",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/getUnlimitedQRCode.html",
    };
    type Response = File;
    const LONGEST_FILE: Option<usize> = Some(LONGEST_FILE);

    fn from_file(file: File) -> Option<File> {
        Some(file)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line, received};

    #[test]
    fn the_documented_call() {
        let request = GetUnlimitedCode {
            scene: "a=1".into(),
            page: Some("page/index/index".into()),
            check_path: Some(false),
            style: CodeStyle::default(),
        };
        assert_eq!(line(&request), "POST /wxa/getwxacodeunlimit?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"scene": "a=1", "page": "page/index/index", "check_path": false, "env_version": "release"})
        );
        assert_eq!(received(&request, "image/png", None, b"\x89PNG").unwrap().bytes.as_ref(), b"\x89PNG");
        // The type says picture, the content does not.
        let body = br#"{"errcode":41030,"errmsg":"invalid page"}"#;
        let refused = received(&request, "image/jpeg", None, body).unwrap_err();
        assert_eq!(refused.errcode().map(|code| code.get()), Some(41030));
        assert!(answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).is_err());
        assert_nothing_is_no_success(&request);
    }
}
