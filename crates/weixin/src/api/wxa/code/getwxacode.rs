//! `POST /wxa/getwxacode`
//!
//! A round code for a page with its query. 100,000 of them in all, together with square ones; they last for good.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/getQRCode.html>

use serde::Serialize;

use super::{CodeStyle, LONGEST_FILE};
use crate::File;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the code of a page.
#[derive(Debug, Clone, Serialize)]
pub struct GetCode {
    /// The page with its query, at most 1024 characters.
    pub path: String,
    /// How it looks.
    #[serde(flatten)]
    pub style: CodeStyle,
}

impl Endpoint for GetCode {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/getwxacode",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/getQRCode.html",
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

    use super::super::{Colour, EnvVersion};
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line, received};

    #[test]
    fn the_documented_call() {
        let style = CodeStyle {
            env_version: EnvVersion::Trial,
            width: Some(430),
            auto_color: Some(false),
            line_color: Some(Colour { r: 0, g: 0, b: 255 }),
            is_hyaline: Some(true),
        };
        let request = GetCode { path: "page/index/index?a=1".into(), style };
        assert_eq!(line(&request), "POST /wxa/getwxacode?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"path": "page/index/index?a=1", "env_version": "trial", "width": 430, "auto_color": false,
                "line_color": {"r": 0, "g": 0, "b": 255}, "is_hyaline": true})
        );
        let plain = GetCode { path: "index".into(), style: CodeStyle::default() };
        assert_eq!(body(&plain), json!({"path": "index", "env_version": "release"}));
        let picture = received(&request, "image/jpeg", None, b"\xff\xd8\xff\xe0").unwrap();
        assert_eq!((picture.content_type.as_str(), picture.bytes.len()), ("image/jpeg", 4));
        let refused = answer(&request, r#"{"errcode":45029,"errmsg":"qrcode count out of limit"}"#).unwrap_err();
        assert_eq!(refused.errcode().map(|code| code.get()), Some(45029));
        assert_nothing_is_no_success(&request);
    }
}
