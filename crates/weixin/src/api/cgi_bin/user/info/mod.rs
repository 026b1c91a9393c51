//! `GET /cgi-bin/user/info`
//!
//! What the account knows about one of its followers. Since the end of 2021 that is no longer their name and picture;
//! those come through [web login](crate::api::sns::FetchUserProfile).
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/Get_users_basic_information_UnionID.html>

mod batchget;
mod updateremark;

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;
use weixin_proto::{OpenId, UnionId};

use crate::api::Language;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire::{filled_id, trimmed_opt_id};

pub use self::batchget::{Followers, GetUserInfoBatch};
pub use self::updateremark::UpdateRemark;

/// Asks about one person.
#[derive(Debug, Clone, Serialize)]
pub struct GetUserInfo {
    /// The person, as this account sees them.
    pub openid: OpenId,
    /// Language of the answer.
    pub lang: Language,
}

/// A person who follows the account, or does not.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Follower {
    /// Whether they follow. If not, only `openid` and perhaps `unionid` are filled.
    #[serde(deserialize_with = "de::boolish")]
    pub subscribe: bool,
    /// The person, as this account sees them.
    #[serde(deserialize_with = "filled_id")]
    pub openid: OpenId,
    /// The person across the accounts of one open-platform group, where there is one.
    #[serde(default, deserialize_with = "trimmed_opt_id")]
    pub unionid: Option<UnionId>,
    /// When they last began to follow, in seconds since the Unix epoch.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub subscribe_time: Option<i64>,
    /// The account's own note about them.
    #[serde(default, deserialize_with = "de::text")]
    pub remark: String,
    /// Group, 0 for none. Groups are the predecessor of tags.
    #[serde(default, deserialize_with = "de::int")]
    pub groupid: i64,
    /// Tags.
    #[serde(default, deserialize_with = "de::list")]
    pub tagid_list: Vec<i64>,
    /// How they came, for instance `ADD_SCENE_QR_CODE`.
    #[serde(default, deserialize_with = "de::text")]
    pub subscribe_scene: String,
    /// Scene number of the QR code they came by, 0 for none.
    #[serde(default, deserialize_with = "de::int")]
    pub qr_scene: i64,
    /// Scene text of the QR code they came by.
    #[serde(default, deserialize_with = "de::text")]
    pub qr_scene_str: String,
}

impl Endpoint for GetUserInfo {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/user/info",
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/User_Management/Get_users_basic_information_UnionID.html",
    };
    type Response = Follower;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    fn request() -> GetUserInfo {
        GetUserInfo { openid: OpenId::new("o6_bmjrPTlm6_2sgVt7hMZOPfL2M"), lang: Language::SimplifiedChinese }
    }

    #[test]
    fn the_documented_request() {
        assert_eq!(
            line(&request()),
            "GET /cgi-bin/user/info?lang=zh_CN&openid=o6_bmjrPTlm6_2sgVt7hMZOPfL2M&access_token=ACCESS_TOKEN"
        );
    }

    #[test]
    fn the_documented_answer() {
        let follower = answer(
            &request(),
            r#"{"subscribe":1,"openid":"o6_bmjrPTlm6_2sgVt7hMZOPfL2M","language":"zh_CN","subscribe_time":1382694957,
                "unionid":"o6_bmasdasdsad6_2sgVt7hMZOPfL","remark":"","groupid":0,"tagid_list":[128,2],
                "subscribe_scene":"ADD_SCENE_QR_CODE","qr_scene":98765,"qr_scene_str":""}"#,
        )
        .unwrap();
        assert!(follower.subscribe);
        assert_eq!(follower.unionid, Some(UnionId::new("o6_bmasdasdsad6_2sgVt7hMZOPfL")));
        assert_eq!(follower.subscribe_time, Some(1_382_694_957));
        assert_eq!(follower.tagid_list, [128, 2]);
        assert_eq!((follower.subscribe_scene.as_str(), follower.qr_scene), ("ADD_SCENE_QR_CODE", 98765));
    }

    #[test]
    fn the_blank_before_the_documented_unionid_is_no_part_of_it() {
        let unionid = |shown: &str| {
            let body = format!(r#"{{"subscribe":1,"openid":"o","unionid":{shown}}}"#).leak();
            answer(&request(), body).map(|follower| follower.unionid)
        };
        assert_eq!(
            unionid("\" o6_bmasdasdsad6_2sgVt7hMZOPfL\"").unwrap(),
            Some("o6_bmasdasdsad6_2sgVt7hMZOPfL".into())
        );
        for none in ["\"\"", "\" \"", "null"] {
            assert_eq!(unionid(none).unwrap(), None, "{none}");
        }
        assert!(unionid("\"o6 b\"").is_err() && unionid("\"o6\\ud800\"").is_err(), "a damaged one is refused");
    }

    #[test]
    fn a_person_who_does_not_follow_has_little_to_tell() {
        let follower = answer(&request(), r#"{"subscribe":0,"openid":"otvxTs4dckWG7imySrJd6jSi0CWE"}"#).unwrap();
        assert!(!follower.subscribe && follower.unionid.is_none() && follower.tagid_list.is_empty());
        assert_nothing_is_no_success(&request());
    }
}
