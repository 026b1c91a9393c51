//! `POST /wxa/img_sec_check`
//!
//! Whether a picture may be published (version 1): 87014 if not. WeChat no longer works on it and advises the asynchronous
//! check; it is kept for small pictures that must be judged at once.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/api-backend/open-api/sec-check/security.imgSecCheck.html>

use serde::Serialize;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::{File, Part};

/// Asks about a picture.
#[derive(Debug, Clone, Serialize)]
pub struct CheckPicture {
    /// PNG, JPEG or GIF, at most 1 MiB and 750 × 1334 pixels.
    #[serde(skip)]
    pub file: File,
}

impl Endpoint for CheckPicture {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/img_sec_check",
        auth: Auth::AccessToken,
        encoding: Encoding::Multipart,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/api-backend/open-api/sec-check/security.imgSecCheck.html",
    };
    type Response = Done;

    fn parts(&self) -> Vec<Part<'_>> {
        vec![self.file.as_media()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, form, line};

    #[test]
    fn the_documented_call() {
        let request = CheckPicture { file: File::new("a.png", "image/png", "pixels") };
        assert_eq!(line(&request), "POST /wxa/img_sec_check?access_token=ACCESS_TOKEN");
        assert!(form(&request).contains("name=\"media\"; filename=\"a.png\""));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        let risky = answer(&request, r#"{"errcode":87014,"errmsg":"risky content"}"#).unwrap_err();
        assert_eq!(risky.errcode().map(|code| code.get()), Some(87014));
        assert_nothing_is_no_success(&request);
    }
}
