//! `POST /cgi-bin/openapi/quota/get`
//!
//! How much of an interface's daily quota is used.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/openApi/get_api_quota.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks about the quota of one interface.
#[derive(Debug, Clone, Serialize)]
pub struct GetQuota {
    /// Its path, for instance `/cgi-bin/message/custom/send`: a slash in front, no host, no query. Paths below `/sns`
    /// are not counted (76022).
    pub cgi_path: String,
}

/// The counters of one interface.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ApiQuota {
    /// Calls of this day.
    pub quota: Quota,
    /// Calls within a short time, where there is such a limit.
    #[serde(default)]
    pub rate_limit: Option<RateLimit>,
    /// The same for third-party platforms.
    #[serde(default)]
    pub component_rate_limit: Option<RateLimit>,
}

/// Calls of this day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Quota {
    /// Calls allowed.
    #[serde(deserialize_with = "de::int")]
    pub daily_limit: i64,
    /// Calls made.
    #[serde(deserialize_with = "de::int")]
    pub used: i64,
    /// Calls left.
    #[serde(deserialize_with = "de::int")]
    pub remain: i64,
}

/// Calls within a short time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct RateLimit {
    /// Calls allowed.
    #[serde(default, deserialize_with = "de::int")]
    pub call_count: i64,
    /// In how many seconds.
    #[serde(default, deserialize_with = "de::int")]
    pub refresh_second: i64,
}

impl Endpoint for GetQuota {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/openapi/quota/get",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/openApi/get_api_quota.html",
    };
    type Response = ApiQuota;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    fn request() -> GetQuota {
        GetQuota { cgi_path: "/cgi-bin/message/custom/send".into() }
    }

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&request()), "POST /cgi-bin/openapi/quota/get?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request()), json!({"cgi_path": "/cgi-bin/message/custom/send"}));
        let quota = answer(
            &request(),
            r#"{"errcode":0,"errmsg":"ok","quota":{"daily_limit":500000,"used":7,"remain":499993},
                "rate_limit":{"call_count":10000,"refresh_second":60}}"#,
        )
        .unwrap();
        assert_eq!(quota.quota, Quota { daily_limit: 500_000, used: 7, remain: 499_993 });
        assert_eq!(quota.rate_limit, Some(RateLimit { call_count: 10_000, refresh_second: 60 }));
        assert_eq!(quota.component_rate_limit, None);
        assert_nothing_is_no_success(&request());
    }
}
