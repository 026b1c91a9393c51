//! `POST /wxa/genwxashortlink`
//!
//! A short text that opens a mini program from a chat inside WeChat. For mini programs that sell things.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/short-link/generateShortLink.html>

use serde::{Deserialize, Serialize};

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for a short link.
#[derive(Debug, Clone, Serialize)]
pub struct GenerateShortLink {
    /// A page of the released version with its query, at most 1024 characters.
    pub page_url: String,
    /// What the link says; beyond 20 characters it is cut.
    pub page_title: String,
    /// `false`: it ends after 30 days. `true`: never, and there are 100,000 such links in all.
    pub is_permanent: bool,
}

/// A short link.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShortLink {
    /// As `#小程序://…`.
    pub link: String,
}

impl Endpoint for GenerateShortLink {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/genwxashortlink",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/short-link/generateShortLink.html",
    };
    type Response = ShortLink;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = GenerateShortLink {
            page_url: "/pages/publishHomework/publishHomework?query1=q1".into(),
            page_title: "Homework title".into(),
            is_permanent: false,
        };
        assert_eq!(line(&request), "POST /wxa/genwxashortlink?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"page_url": "/pages/publishHomework/publishHomework?query1=q1", "page_title": "Homework title",
                "is_permanent": false})
        );
        assert_eq!(answer(&request, r#"{"errcode":0,"errmsg":"ok","link":"Short Link"}"#).unwrap().link, "Short Link");
        assert_nothing_is_no_success(&request);
    }
}
