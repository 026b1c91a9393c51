//! `POST /cgi-bin/media/uploadimg`
//!
//! Gives WeChat a picture for the body of an article: pictures elsewhere are filtered out of articles. It does not count
//! as material and has no id.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Adding_Permanent_Assets.html>

use serde::{Deserialize, Serialize};

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::{File, Part};

/// Uploads a picture for articles: JPEG or PNG, less than 1 MiB.
#[derive(Debug, Clone, Serialize)]
pub struct UploadPicture {
    /// The picture.
    #[serde(skip)]
    pub file: File,
}

/// Where the picture is now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PictureAddress {
    /// Its address, for use in articles of WeChat only.
    pub url: String,
}

impl Endpoint for UploadPicture {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/media/uploadimg",
        auth: Auth::AccessToken,
        encoding: Encoding::Multipart,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Adding_Permanent_Assets.html",
    };
    type Response = PictureAddress;

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
        let request = UploadPicture { file: File::new("a.png", "image/png", "pixels") };
        assert_eq!(line(&request), "POST /cgi-bin/media/uploadimg?access_token=ACCESS_TOKEN");
        assert!(form(&request).contains("name=\"media\"; filename=\"a.png\""));
        let picture = answer(&request, r#"{"url":"http://mmbiz.qpic.cn/mmbiz/gLO17UPS6FS2xsypf378iaNhWacZ1G1U/0"}"#);
        assert!(picture.unwrap().url.ends_with("/0"));
        assert_nothing_is_no_success(&request);
    }
}
