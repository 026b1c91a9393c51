//! `POST /cgi-bin/openapi/rid/get`
//!
//! What WeChat recorded about one of our requests, found by the `rid` at the end of an error. Kept for seven days.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/openApi/get_rid_info.html>

use std::fmt;

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks about one request.
#[derive(Debug, Clone, Serialize)]
pub struct GetRid {
    /// The request id: three groups of eight hex digits. See [`Error::rid`](crate::Error::rid).
    pub rid: String,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RidRecord {
    /// The request it is about.
    pub request: RecordedRequest,
}

/// A request as WeChat recorded it. `Debug` leaves out the texts: they hold tokens and personal data.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct RecordedRequest {
    /// When it came, in seconds since the Unix epoch.
    #[serde(deserialize_with = "de::int")]
    pub invoke_time: i64,
    /// How long it took, in milliseconds.
    #[serde(default, deserialize_with = "de::int")]
    pub cost_in_ms: i64,
    /// The query it came with, **access token included**.
    #[serde(default, deserialize_with = "de::string")]
    pub request_url: String,
    /// The body it came with.
    #[serde(default, deserialize_with = "de::string")]
    pub request_body: String,
    /// What WeChat answered.
    #[serde(default, deserialize_with = "de::string")]
    pub response_body: String,
    /// The address it came from.
    #[serde(default, deserialize_with = "de::string")]
    pub client_ip: String,
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("invoke_time", &self.invoke_time)
            .field("cost_in_ms", &self.cost_in_ms)
            .finish_non_exhaustive()
    }
}

impl Endpoint for GetRid {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/openapi/rid/get",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/openApi/get_rid_info.html",
    };
    type Response = RidRecord;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    fn request() -> GetRid {
        GetRid { rid: "61725984-6126f6f9-040f19c4".into() }
    }

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&request()), "POST /cgi-bin/openapi/rid/get?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request()), json!({"rid": "61725984-6126f6f9-040f19c4"}));
        let record = answer(
            &request(),
            r#"{"errcode":0,"errmsg":"ok","request":{"invoke_time":1635156704,"cost_in_ms":30,
                "request_url":"access_token=50_canary","request_body":"",
                "response_body":"{\"errcode\":45009,\"errmsg\":\"reach max api daily quota limit\"}"}}"#,
        )
        .unwrap();
        assert_eq!((record.request.invoke_time, record.request.cost_in_ms), (1_635_156_704, 30));
        assert!(record.request.response_body.contains("45009"));
        assert_eq!(record.request.client_ip, "");
        assert!(!format!("{record:?}").contains("canary"));
        assert_nothing_is_no_success(&request());
    }
}
