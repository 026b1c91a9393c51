//! `POST /wxa/query_urllink`
//!
//! What a URL link says, or how often it may still be opened today.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-link/queryUrlLink.html>

use serde::{Deserialize, Serialize};
use weixin_proto::AppId;
use weixin_proto::json::de;

use super::{LinkQuery, VisitQuota};
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks about a URL link.
#[derive(Debug, Clone, Serialize)]
pub struct QueryUrlLink {
    /// The link, whole.
    pub url_link: String,
    /// What is asked.
    pub query_type: LinkQuery,
}

/// What a URL link says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UrlLinkInfo {
    /// The mini program.
    pub appid: AppId,
    /// The page.
    #[serde(default)]
    pub path: String,
    /// Its query, with what was appended as `cq`.
    #[serde(default)]
    pub query: String,
    /// Made at, seconds since the Unix epoch.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub create_time: Option<i64>,
    /// Ends at, seconds since the Unix epoch; 0 for good.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub expire_time: Option<i64>,
    /// `release`, `trial` or `develop`.
    #[serde(default)]
    pub env_version: String,
}

/// The answer to either question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum UrlLinkAnswer {
    /// To [`LinkQuery::Info`].
    Info {
        /// What the link says.
        url_link_info: UrlLinkInfo,
    },
    /// To [`LinkQuery::Quota`].
    Quota {
        /// How often it may still be opened.
        quota_info: VisitQuota,
    },
}

impl Endpoint for QueryUrlLink {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/query_urllink",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-link/queryUrlLink.html",
    };
    type Response = UrlLinkAnswer;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = QueryUrlLink { url_link: "https://wxaurl.cn/BQZRrcFCPvg".into(), query_type: LinkQuery::Info };
        assert_eq!(line(&request), "POST /wxa/query_urllink?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"url_link": "https://wxaurl.cn/BQZRrcFCPvg", "query_type": 0}));
        let known = r#"{"errcode":0,"errmsg":"ok","url_link_info":{"appid":"appid","path":"","query":"",
            "create_time":611928113,"expire_time":0,"env_version":"release",
            "cloud_base":{"env":"","domain":"","path":"","query":"","resource_appid":""}},
            "quota_info":{"remain_visit_quota":1000000}}"#;
        let UrlLinkAnswer::Info { url_link_info } = answer(&request, known).unwrap() else { panic!("what it says") };
        assert_eq!((url_link_info.appid.as_str(), url_link_info.create_time), ("appid", Some(611_928_113)));
        let left = answer(&request, r#"{"errcode":0,"errmsg":"ok","quota_info":{"remain_visit_quota":1000000}}"#);
        assert_eq!(left.unwrap(), UrlLinkAnswer::Quota { quota_info: VisitQuota { remain_visit_quota: 1_000_000 } });
        assert_nothing_is_no_success(&request);
    }
}
