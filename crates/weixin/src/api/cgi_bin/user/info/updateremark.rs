//! `POST /cgi-bin/user/info/updateremark`
//!
//! Gives a follower a name only the account sees.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/Configuring_user_notes.html>

use serde::Serialize;
use weixin_proto::OpenId;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Sets a follower's remark.
#[derive(Debug, Clone, Serialize)]
pub struct UpdateRemark {
    /// A follower; 43004 for anybody else.
    pub openid: OpenId,
    /// Fewer than 30 bytes of UTF-8 (40092); empty takes the remark away.
    pub remark: String,
}

impl Endpoint for UpdateRemark {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/user/info/updateremark",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/User_Management/Configuring_user_notes.html",
    };
    type Response = Done;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = UpdateRemark { openid: "oDF3iY9ffA-hqb2vVvbr7qxf6A0Q".into(), remark: "pangzi".into() };
        assert_eq!(line(&request), "POST /cgi-bin/user/info/updateremark?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"openid": "oDF3iY9ffA-hqb2vVvbr7qxf6A0Q", "remark": "pangzi"}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
