//! `GET /wxaapi/newtmpl/getpubtemplatekeywords`
//!
//! Lists the keywords a template of the library may have.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the keywords.
#[derive(Debug, Clone, Serialize)]
pub struct ListKeywords {
    /// The template's number in the library.
    pub tid: String,
}

/// The keywords of a template.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Keywords {
    /// These.
    #[serde(deserialize_with = "de::list")]
    pub data: Vec<Keyword>,
}

/// One keyword.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Keyword {
    /// Its number.
    #[serde(deserialize_with = "de::int")]
    pub kid: i64,
    /// Its name.
    #[serde(deserialize_with = "de::string")]
    pub name: String,
    /// An example of a value.
    #[serde(default, deserialize_with = "de::text")]
    pub example: String,
    /// What values may be, for instance `thing`.
    #[serde(default, deserialize_with = "de::text")]
    pub rule: String,
}

impl Endpoint for ListKeywords {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/wxaapi/newtmpl/getpubtemplatekeywords",
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html",
    };
    type Response = Keywords;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = ListKeywords { tid: "99".into() };
        assert_eq!(line(&request), "GET /wxaapi/newtmpl/getpubtemplatekeywords?tid=99&access_token=ACCESS_TOKEN");
        let keywords = answer(
            &request,
            r#"{"errcode":0,"errmsg":"ok","data":[{"kid":1,"name":"物品名称","example":"名称","rule":"thing"}]}"#,
        )
        .unwrap();
        assert_eq!((keywords.data[0].kid, keywords.data[0].rule.as_str()), (1, "thing"));
        assert_nothing_is_no_success(&request);
    }
}
