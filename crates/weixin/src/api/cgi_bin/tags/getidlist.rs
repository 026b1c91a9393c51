//! `POST /cgi-bin/tags/getidlist`
//!
//! The tags one follower has.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html>

use serde::{Deserialize, Serialize};
use weixin_proto::OpenId;
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for a follower's tags.
#[derive(Debug, Clone, Serialize)]
pub struct GetUserTags {
    /// The follower.
    pub openid: OpenId,
}

/// A follower's tags.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UserTags {
    /// Their numbers.
    #[serde(deserialize_with = "de::list")]
    pub tagid_list: Vec<i64>,
}

impl Endpoint for GetUserTags {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/tags/getidlist",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html",
    };
    type Response = UserTags;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = GetUserTags { openid: "ocYxcuBt0mRugKZ7tGAHPnUaOW7Y".into() };
        assert_eq!(line(&request), "POST /cgi-bin/tags/getidlist?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"openid": "ocYxcuBt0mRugKZ7tGAHPnUaOW7Y"}));
        assert_eq!(answer(&request, r#"{"tagid_list":[134,2]}"#).unwrap().tagid_list, [134, 2]);
        assert!(answer(&request, r#"{"tagid_list":[]}"#).unwrap().tagid_list.is_empty());
        assert_nothing_is_no_success(&request);
    }
}
