//! `GET /customservice/kfsession/getwaitcase`
//!
//! The customers nobody on the staff has taken yet, at most 100 of them.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html>

use serde::{Deserialize, Serialize};
use weixin_proto::OpenId;
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire::filled_id;

/// Asks who is waiting.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct ListWaiting {}

/// Who is waiting.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Waiting {
    /// How many there are in all.
    #[serde(deserialize_with = "de::int")]
    pub count: i64,
    /// The first 100 of them, in the order of arrival.
    #[serde(default, deserialize_with = "de::list")]
    pub waitcaselist: Vec<WaitingCustomer>,
}

/// A customer who is waiting.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WaitingCustomer {
    /// Who.
    #[serde(deserialize_with = "filled_id")]
    pub openid: OpenId,
    /// The time of the last message, in seconds since the Unix epoch.
    #[serde(deserialize_with = "de::int")]
    pub latest_time: i64,
}

impl Endpoint for ListWaiting {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/customservice/kfsession/getwaitcase",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html",
    };
    type Response = Waiting;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&ListWaiting {}), "GET /customservice/kfsession/getwaitcase?access_token=ACCESS_TOKEN");
        let waiting = answer(
            &ListWaiting {},
            r#"{"count":150,"waitcaselist":[{"latest_time":123456789,"openid":"OPENID"},{"latest_time":123456789,"openid":"OPENID"}]}"#,
        )
        .unwrap();
        assert_eq!((waiting.count, waiting.waitcaselist.len()), (150, 2));
        assert_eq!(waiting.waitcaselist[0].latest_time, 123_456_789);
        assert!(answer(&ListWaiting {}, r#"{"count":0}"#).unwrap().waitcaselist.is_empty());
        assert_nothing_is_no_success(&ListWaiting {});
    }
}
