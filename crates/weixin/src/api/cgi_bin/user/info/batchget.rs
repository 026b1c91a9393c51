//! `POST /cgi-bin/user/info/batchget`
//!
//! What the account knows about up to a hundred people at once.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/Get_users_basic_information_UnionID.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use super::{Follower, GetUserInfo};
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks about several people.
#[derive(Debug, Clone, Serialize)]
pub struct GetUserInfoBatch {
    /// 1 to 100 people; 40032 otherwise.
    pub user_list: Vec<GetUserInfo>,
}

/// Several people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Followers {
    /// In the order they were asked about.
    #[serde(deserialize_with = "de::list")]
    pub user_info_list: Vec<Follower>,
}

impl Endpoint for GetUserInfoBatch {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/user/info/batchget",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/User_Management/Get_users_basic_information_UnionID.html",
    };
    type Response = Followers;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::Language;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    fn request() -> GetUserInfoBatch {
        let ask = |openid: &str| GetUserInfo { openid: openid.into(), lang: Language::SimplifiedChinese };
        GetUserInfoBatch { user_list: vec![ask("otvxTs4dckWG7imySrJd6jSi0CWE"), ask("otvxTs_JZ6SEiP0imdhpi50fuSZg")] }
    }

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&request()), "POST /cgi-bin/user/info/batchget?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request()),
            json!({"user_list": [
                {"openid": "otvxTs4dckWG7imySrJd6jSi0CWE", "lang": "zh_CN"},
                {"openid": "otvxTs_JZ6SEiP0imdhpi50fuSZg", "lang": "zh_CN"},
            ]})
        );
        let people = answer(
            &request(),
            r#"{"user_info_list":[{"subscribe":1,"openid":"otvxTs4dckWG7imySrJd6jSi0CWE","nickname":"","sex":0,
                "language":"zh_CN","city":"","province":"","country":"","headimgurl":"","subscribe_time":1434093047,
                "unionid":"oR5GjjgEhCMJFyzaVZdrxZ2zRRF4","remark":"","groupid":0,"tagid_list":[128,2],
                "subscribe_scene":"ADD_SCENE_QR_CODE","qr_scene":98765,"qr_scene_str":""},
                {"subscribe":0,"openid":"otvxTs_JZ6SEiP0imdhpi50fuSZg"}]}"#,
        )
        .unwrap()
        .user_info_list;
        assert_eq!(people.iter().map(|person| person.subscribe).collect::<Vec<_>>(), [true, false]);
        assert_eq!((&people[0].tagid_list[..], people[0].qr_scene), (&[128, 2][..], 98765));
        assert_nothing_is_no_success(&request());
    }
}
