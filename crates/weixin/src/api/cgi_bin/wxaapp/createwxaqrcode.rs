//! `POST /cgi-bin/wxaapp/createwxaqrcode`
//!
//! A square code for a page with its query. 100,000 of them in all, together with the round ones of `/wxa/getwxacode`.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/createQRCode.html>

use serde::Serialize;

use crate::File;
use crate::api::wxa::code::LONGEST_FILE;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the square code of a page of the released version.
#[derive(Debug, Clone, Serialize)]
pub struct CreateSquareCode {
    /// The page with its query, at most 128 characters.
    pub path: String,
    /// Side in pixels, 280–1280; WeChat takes 430.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
}

impl Endpoint for CreateSquareCode {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/wxaapp/createwxaqrcode",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/createQRCode.html",
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
    use crate::api::testing::{assert_nothing_is_no_success, body, line, received};

    #[test]
    fn the_documented_call() {
        let request = CreateSquareCode { path: "page/index/index".into(), width: Some(430) };
        assert_eq!(line(&request), "POST /cgi-bin/wxaapp/createwxaqrcode?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"path": "page/index/index", "width": 430}));
        assert_eq!(received(&request, "image/jpeg", None, b"\xff\xd8").unwrap().bytes.len(), 2);
        assert_nothing_is_no_success(&request);
    }
}
