//! `GET /sns/userinfo`
//!
//! Nickname and picture of a person who agreed to `snsapi_userinfo`.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html>

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use weixin_proto::json::de;
use weixin_proto::{AccessTokenValue, OpenId, UnionId};

use crate::api::Language;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire::{filled_id, sex};

/// Asks who the person is.
///
/// Refused with 48001 when the person agreed to `snsapi_base` only, and with 42001 or 40001 when the token is past its
/// two hours: [`RefreshOAuthToken`](super::RefreshOAuthToken), then ask again.
#[derive(Debug, Clone, Serialize)]
pub struct FetchUserProfile {
    /// The person's token.
    #[serde(serialize_with = "weixin_proto::secret::serialize_exposed")]
    pub access_token: AccessTokenValue,
    /// The person.
    pub openid: OpenId,
    /// Language of the place names.
    pub lang: Language,
}

/// A person, as they show themselves. Control characters are taken out of all texts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UserProfile {
    /// The person, as this account sees them.
    #[serde(deserialize_with = "filled_id")]
    pub openid: OpenId,
    /// Nickname; any characters but control characters.
    #[serde(default, deserialize_with = "de::text")]
    pub nickname: String,
    /// 1 male, 2 female, 0 unknown, which is also what anything else counts as; always 0 since October 2021.
    #[serde(default, deserialize_with = "sex")]
    pub sex: i64,
    /// Language of the client, where WeChat still says it.
    #[serde(default, deserialize_with = "de::text")]
    pub language: String,
    /// Always empty since October 2021.
    #[serde(default, deserialize_with = "de::text")]
    pub province: String,
    /// Always empty since October 2021.
    #[serde(default, deserialize_with = "de::text")]
    pub city: String,
    /// Always empty since October 2021.
    #[serde(default, deserialize_with = "de::text")]
    pub country: String,
    /// Address of the picture; the last segment is its size (0 for 640 × 640). Empty without one.
    #[serde(default, deserialize_with = "de::text")]
    pub headimgurl: String,
    /// Privileges of the carrier, for instance `chinaunicom`. What is no text or number is none.
    #[serde(default, deserialize_with = "privileges")]
    pub privilege: Vec<String>,
    /// The person across the accounts of one open-platform group, where there is one.
    #[serde(default, deserialize_with = "de::opt_id")]
    pub unionid: Option<UnionId>,
}

/// Nobody is kept from logging in because of these: whatever has another shape is left out.
fn privileges<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let said = match Value::deserialize(deserializer)? {
        Value::Array(items) => items,
        one => vec![one],
    };
    let texts = said.into_iter().filter_map(|one| match one {
        Value::String(text) => Some(text.chars().filter(|c| !c.is_control()).collect()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    Ok(texts.filter(|text: &String| !text.is_empty()).collect())
}

impl Endpoint for FetchUserProfile {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/sns/userinfo",
        auth: Auth::UserToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html",
    };
    type Response = UserProfile;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Retry;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    fn request() -> FetchUserProfile {
        FetchUserProfile { access_token: "CANARY".into(), openid: "OPENID".into(), lang: Language::default() }
    }

    #[test]
    fn the_documented_request() {
        assert_eq!(line(&request()), "GET /sns/userinfo?access_token=CANARY&lang=zh_CN&openid=OPENID");
        assert!(!format!("{:?}", request()).contains("CANARY"));
    }

    #[test]
    fn the_documented_answer() {
        let profile = answer(
            &request(),
            r#"{"openid":"OPENID","nickname":"NICKNAME","sex":1,"province":"PROVINCE","city":"CITY","country":"COUNTRY",
                "headimgurl":"https://thirdwx.qlogo.cn/mmopen/g3MonUZtNHkd/46",
                "privilege":["PRIVILEGE1","PRIVILEGE2"],"unionid":"o6_bmasdasdsad6_2sgVt7hMZOPfL"}"#,
        )
        .unwrap();
        assert_eq!((profile.nickname.as_str(), profile.sex), ("NICKNAME", 1));
        assert_eq!(profile.privilege, ["PRIVILEGE1", "PRIVILEGE2"]);
        assert_eq!(profile.unionid, Some(UnionId::new("o6_bmasdasdsad6_2sgVt7hMZOPfL")));
        assert_nothing_is_no_success(&request());
    }

    #[test]
    fn what_people_call_themselves_breaks_nothing() {
        let body = "{\"openid\":\"o\",\"nickname\":\"a\u{1}\u{0}👨‍👩‍👧‍👦\\x\u{e056}\",\"sex\":\"0\",\"privilege\":null}";
        let profile = answer(&request(), body).unwrap();
        assert_eq!(profile.nickname, "a👨‍👩‍👧‍👦\\x\u{e056}");
        assert_eq!((profile.sex, profile.privilege.len(), profile.unionid), (0, 0, None));
    }

    #[test]
    fn a_sex_that_is_none_is_unknown() {
        let said = [
            "0",
            "1",
            "2",
            "\"1\"",
            "\" 2\"",
            "\"\"",
            "\"男\"",
            "-1",
            "3",
            "99999999999",
            "1e99",
            "null",
            "true",
            "[]",
            "{}",
        ];
        let sexes = said.map(|sex| answer(&request(), format!(r#"{{"openid":"o","sex":{sex}}}"#).leak()).unwrap().sex);
        assert_eq!(sexes, [0, 1, 2, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn privileges_of_another_shape_keep_nobody_out() {
        for (said, privileges) in [
            ("null", &[] as &[&str]),
            ("{}", &[]),
            (r#"{"a":["b"]}"#, &[]),
            ("true", &[]),
            ("[]", &[]),
            ("\"\"", &[]),
            ("\"chinaunicom\"", &["chinaunicom"]),
            ("7", &["7"]),
            ("[1]", &["1"]),
            (r#"["a",null,2,{},["b"],true,"","c\u0000"]"#, &["a", "2", "c"]),
        ] {
            let body = format!(r#"{{"openid":"o","privilege":{said}}}"#);
            assert_eq!(answer(&request(), body.leak()).unwrap().privilege, privileges, "{said}");
        }
        assert!(answer(&request(), r#"{"openid":"o"}"#).unwrap().privilege.is_empty());
    }

    #[test]
    fn a_stale_token_is_the_persons_not_the_accounts() {
        let body = r#"{"errcode":42001,"errmsg":"access_token expired, rid: 62de9a0b-7149b5f1-2eee4908"}"#;
        assert_eq!(answer(&request(), body).unwrap_err().retry(), Retry::RefreshToken);
        let body = r#"{"errcode":48001,"errmsg":"api unauthorized, rid: 62de9a0b-7149b5f1-2eee4908"}"#;
        assert_eq!(answer(&request(), body).unwrap_err().retry(), Retry::Never);
    }
}
