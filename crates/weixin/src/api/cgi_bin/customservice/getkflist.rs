//! `GET /cgi-bin/customservice/getkflist`
//!
//! Everybody on the staff, and the invitations that are pending.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks who is on the staff.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct ListStaff {}

/// The staff.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StaffList {
    /// One for each `kf_account`.
    #[serde(deserialize_with = "de::list")]
    pub kf_list: Vec<Staff>,
}

/// One member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Staff {
    /// The account, as `test1@kftest`.
    #[serde(deserialize_with = "de::string")]
    pub kf_account: String,
    /// What customers read.
    #[serde(default, deserialize_with = "de::text")]
    pub kf_nick: String,
    /// WeChat's number of it.
    #[serde(deserialize_with = "de::int")]
    pub kf_id: i64,
    /// The picture; empty when there is none.
    #[serde(default, deserialize_with = "de::text")]
    pub kf_headimgurl: String,
    /// The WeChat name of the person behind it; `None` until somebody accepted.
    #[serde(default, deserialize_with = "de::opt_string")]
    pub kf_wx: Option<String>,
    /// Who is invited to stand behind it.
    #[serde(default, deserialize_with = "de::opt_string")]
    pub invite_wx: Option<String>,
    /// When the invitation ends, in seconds since the Unix epoch.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub invite_expire_time: Option<i64>,
    /// What became of the invitation: `waiting`, `rejected` or `expired`.
    #[serde(default, deserialize_with = "de::opt_string")]
    pub invite_status: Option<String>,
}

impl Endpoint for ListStaff {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/customservice/getkflist",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html",
    };
    type Response = StaffList;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&ListStaff {}), "GET /cgi-bin/customservice/getkflist?access_token=ACCESS_TOKEN");
        let staff = answer(
            &ListStaff {},
            r#"{"kf_list":[
                {"kf_account":"test1@test","kf_headimgurl":"http://mmbiz.qpic.cn/mmbiz/4whpV1VZl2iccsvYbHvnphkyGtnvjfUS8Ym0GSaLic0FD3vN0V8PILcibEGb2fPfEOmw/0","kf_id":"1001","kf_nick":"ntest1","kf_wx":"kfwx1"},
                {"kf_account":"test3@test","kf_headimgurl":"","kf_id":1003,"kf_nick":"ntest3","invite_wx":"kfwx3","invite_expire_time":123456789,"invite_status":"waiting"}
            ]}"#,
        )
        .unwrap()
        .kf_list;
        assert_eq!((staff[0].kf_id, staff[0].kf_wx.as_deref(), &staff[0].invite_wx), (1001, Some("kfwx1"), &None));
        assert_eq!(
            (staff[1].invite_status.as_deref(), staff[1].invite_expire_time),
            (Some("waiting"), Some(123_456_789))
        );
        assert_nothing_is_no_success(&ListStaff {});
    }
}
