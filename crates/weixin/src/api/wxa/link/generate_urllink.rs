//! `POST /wxa/generate_urllink`
//!
//! An `https://` address that opens a mini program, from a page or a message. 500,000 a day together with schemes, 100 a
//! second.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-link/generateUrlLink.html>

use serde::{Deserialize, Serialize};
use weixin_proto::AppId;

use super::Expiry;
use crate::api::wxa::code::EnvVersion;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for a URL link.
#[derive(Debug, Clone, Serialize)]
pub struct GenerateUrlLink {
    /// A page of the released version, without query; empty: the first one.
    pub path: String,
    /// As `k1=v1&k2=v2`, at most 1024 characters.
    pub query: String,
    /// Which version is opened, from outside WeChat.
    pub env_version: EnvVersion,
    /// When it ends.
    #[serde(flatten)]
    pub expiry: Expiry,
    /// A page of one's own, kept by cloud development, that opens the mini program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_base: Option<CloudBase>,
}

/// A page kept by cloud development.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CloudBase {
    /// The environment.
    pub env: String,
    /// Its host; `None`: the environment's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Path of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Its query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The account the environment belongs to, when it is shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_appid: Option<AppId>,
}

/// A URL link.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UrlLink {
    /// As `https://wxaurl.cn/…`; `?cq=…` may be appended.
    pub url_link: String,
}

impl Endpoint for GenerateUrlLink {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/generate_urllink",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-link/generateUrlLink.html",
    };
    type Response = UrlLink;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let cloud = CloudBase {
            env: "xxx".into(),
            domain: Some("xxx.xx".into()),
            path: Some("/jump-wxa.html".into()),
            query: Some("a=1&b=2".into()),
            resource_appid: None,
        };
        let request = GenerateUrlLink {
            path: "/pages/publishHomework/publishHomework".into(),
            query: String::new(),
            env_version: EnvVersion::Release,
            expiry: Expiry::Days(1),
            cloud_base: Some(cloud),
        };
        assert_eq!(line(&request), "POST /wxa/generate_urllink?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"path": "/pages/publishHomework/publishHomework", "query": "", "env_version": "release",
                "is_expire": true, "expire_type": 1, "expire_interval": 1,
                "cloud_base": {"env": "xxx", "domain": "xxx.xx", "path": "/jump-wxa.html", "query": "a=1&b=2"}})
        );
        let link = answer(&request, r#"{"errcode":0,"errmsg":"ok","url_link":"https://wxaurl.cn/BQZRrcFCPvg"}"#);
        assert_eq!(link.unwrap().url_link, "https://wxaurl.cn/BQZRrcFCPvg");
        assert_nothing_is_no_success(&request);
    }
}
