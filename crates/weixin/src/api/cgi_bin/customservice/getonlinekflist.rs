//! `GET /cgi-bin/customservice/getonlinekflist`
//!
//! Who on the staff is online, and how many customers each is talking to.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks who is online.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct ListOnlineStaff {}

/// The staff that is online.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OnlineStaffList {
    /// One for each `kf_account` that is online.
    #[serde(deserialize_with = "de::list")]
    pub kf_online_list: Vec<OnlineStaff>,
}

/// One member of staff who is online.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OnlineStaff {
    /// The account, as `test1@kftest`.
    #[serde(deserialize_with = "de::string")]
    pub kf_account: String,
    /// Where: 1 is the web page.
    #[serde(deserialize_with = "de::int")]
    pub status: i64,
    /// WeChat's number of it.
    #[serde(deserialize_with = "de::int")]
    pub kf_id: i64,
    /// How many customers it is talking to.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub accepted_case: Option<i64>,
}

impl Endpoint for ListOnlineStaff {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/customservice/getonlinekflist",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html",
    };
    type Response = OnlineStaffList;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&ListOnlineStaff {}), "GET /cgi-bin/customservice/getonlinekflist?access_token=ACCESS_TOKEN");
        let online = answer(
            &ListOnlineStaff {},
            r#"{"kf_online_list":[{"kf_account":"test1@test","status":1,"kf_id":"1001","accepted_case":1},
                {"kf_account":"test2@test","status":1,"kf_id":"1002","accepted_case":2}]}"#,
        )
        .unwrap()
        .kf_online_list;
        assert_eq!((online.len(), online[1].kf_id, online[1].accepted_case), (2, 1002, Some(2)));
        assert!(answer(&ListOnlineStaff {}, r#"{"kf_online_list":[]}"#).unwrap().kf_online_list.is_empty());
        assert_nothing_is_no_success(&ListOnlineStaff {});
    }
}
