//! `POST /wxa/queryscheme`
//!
//! What a scheme says, or how often it may still be opened today.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-scheme/queryScheme.html>

use serde::{Deserialize, Serialize};
use weixin_proto::AppId;
use weixin_proto::json::de;

use super::{LinkQuery, VisitQuota};
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks about a scheme.
#[derive(Debug, Clone, Serialize)]
pub struct QueryScheme {
    /// The scheme, whole.
    pub scheme: String,
    /// What is asked.
    pub query_type: LinkQuery,
}

/// What a scheme says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SchemeInfo {
    /// The mini program.
    pub appid: AppId,
    /// The page.
    #[serde(default)]
    pub path: String,
    /// Its query, with what was appended as `cq`.
    #[serde(default)]
    pub query: String,
    /// Made at, seconds since the Unix epoch; of plain schemes nothing.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub create_time: Option<i64>,
    /// Ends at, seconds since the Unix epoch; 0 for good, of plain schemes nothing.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub expire_time: Option<i64>,
    /// `release`, `trial` or `develop`.
    #[serde(default)]
    pub env_version: String,
}

/// The answer to either question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum SchemeAnswer {
    /// To [`LinkQuery::Info`].
    Info {
        /// What the scheme says.
        scheme_info: SchemeInfo,
    },
    /// To [`LinkQuery::Quota`].
    Quota {
        /// How often it may still be opened.
        quota_info: VisitQuota,
    },
}

impl Endpoint for QueryScheme {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/queryscheme",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-scheme/queryScheme.html",
    };
    type Response = SchemeAnswer;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request =
            QueryScheme { scheme: "weixin://dl/business/?t=XTSkBZlzqmn".into(), query_type: LinkQuery::default() };
        assert_eq!(line(&request), "POST /wxa/queryscheme?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"scheme": "weixin://dl/business/?t=XTSkBZlzqmn", "query_type": 0}));
        let known = r#"{"errcode":0,"errmsg":"ok","scheme_info":{"appid":"appid","path":"","query":"",
            "create_time":611928113,"expire_time":0,"env_version":"release"},"quota_info":{"remain_visit_quota":1000000}}"#;
        let SchemeAnswer::Info { scheme_info } = answer(&request, known).unwrap() else { panic!("what it says") };
        assert_eq!((scheme_info.create_time, scheme_info.expire_time), (Some(611_928_113), Some(0)));
        let quota = QueryScheme { query_type: LinkQuery::Quota, ..request.clone() };
        assert_eq!(body(&quota)["query_type"], 1);
        let left = answer(&quota, r#"{"errcode":0,"errmsg":"ok","quota_info":{"remain_visit_quota":"7"}}"#).unwrap();
        assert_eq!(left, SchemeAnswer::Quota { quota_info: VisitQuota { remain_visit_quota: 7 } });
        assert_nothing_is_no_success(&request);
    }
}
