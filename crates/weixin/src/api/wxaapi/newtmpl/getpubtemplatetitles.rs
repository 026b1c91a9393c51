//! `GET /wxaapi/newtmpl/getpubtemplatetitles`
//!
//! Lists the templates of the library in some categories.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for a part of the library.
#[derive(Debug, Clone, Serialize)]
pub struct ListTitles {
    /// Numbers of categories, with commas between them.
    pub ids: String,
    /// How many to skip.
    pub start: u32,
    /// How many to give, at most 30.
    pub limit: u32,
}

/// A part of the library.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Titles {
    /// How many there are.
    #[serde(deserialize_with = "de::int")]
    pub count: i64,
    /// These.
    #[serde(deserialize_with = "de::list")]
    pub data: Vec<Title>,
}

/// One template of the library.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Title {
    /// Its number.
    #[serde(deserialize_with = "de::int")]
    pub tid: i64,
    /// Its name.
    #[serde(deserialize_with = "de::string")]
    pub title: String,
    /// 2: agreed to once for each message; 3: for good.
    #[serde(rename = "type", deserialize_with = "de::int")]
    pub kind: i64,
    /// Its category.
    #[serde(default, deserialize_with = "de::text")]
    pub category_id: String,
}

impl Endpoint for ListTitles {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/wxaapi/newtmpl/getpubtemplatetitles",
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html",
    };
    type Response = Titles;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = ListTitles { ids: "2,616".into(), start: 0, limit: 30 };
        assert_eq!(
            line(&request),
            "GET /wxaapi/newtmpl/getpubtemplatetitles?ids=2%2C616&limit=30&start=0&access_token=ACCESS_TOKEN"
        );
        let titles = answer(
            &request,
            r#"{"errcode":0,"errmsg":"ok","count":55,
                "data":[{"tid":99,"title":"付款成功通知","type":2,"categoryId":"616"}]}"#,
        )
        .unwrap();
        assert_eq!((titles.count, titles.data[0].tid, titles.data[0].category_id.as_str()), (55, 99, "616"));
        assert_nothing_is_no_success(&request);
    }
}
