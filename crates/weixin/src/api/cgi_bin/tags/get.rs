//! `GET /cgi-bin/tags/get`
//!
//! All tags of the account, WeChat's own among them, and how many followers have each.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for all tags.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct ListTags {}

/// All tags.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TagList {
    /// The tags.
    #[serde(deserialize_with = "de::list")]
    pub tags: Vec<TagCount>,
}

/// A tag and its followers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TagCount {
    /// Its number; 1 and 2 are WeChat's own.
    #[serde(deserialize_with = "de::int")]
    pub id: i64,
    /// Its name.
    #[serde(deserialize_with = "de::text")]
    pub name: String,
    /// How many followers have it.
    #[serde(default, deserialize_with = "de::int")]
    pub count: i64,
}

impl Endpoint for ListTags {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/tags/get",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html",
    };
    type Response = TagList;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&ListTags {}), "GET /cgi-bin/tags/get?access_token=ACCESS_TOKEN");
        let tags = answer(
            &ListTags {},
            r#"{"tags":[{"id":1,"name":"每天一罐可乐星人","count":0},{"id":2,"name":"星标组","count":0},
                {"id":127,"name":"广东","count":5}]}"#,
        )
        .unwrap()
        .tags;
        assert_eq!(tags.len(), 3);
        assert_eq!((tags[2].id, tags[2].name.as_str(), tags[2].count), (127, "广东", 5));
        assert_nothing_is_no_success(&ListTags {});
    }
}
