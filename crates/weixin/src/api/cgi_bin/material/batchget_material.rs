//! `POST /cgi-bin/material/batchget_material`
//!
//! Lists the permanent material of one kind, newest first.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_materials_list.html>

use serde::{Deserialize, Serialize};
use weixin_proto::MediaId;
use weixin_proto::json::de;

use super::NewsItem;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for a part of the list.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ListMaterial {
    /// Of which kind.
    #[serde(rename = "type")]
    pub kind: MaterialType,
    /// How many to skip.
    pub offset: u32,
    /// How many to give, 1 to 20.
    pub count: u32,
}

/// A kind of permanent material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MaterialType {
    /// Pictures.
    Image,
    /// Videos.
    Video,
    /// Voices.
    Voice,
    /// Articles.
    News,
}

/// A part of the list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MaterialList {
    /// How many there are of this kind.
    #[serde(deserialize_with = "de::int")]
    pub total_count: i64,
    /// How many came.
    #[serde(deserialize_with = "de::int")]
    pub item_count: i64,
    /// These.
    #[serde(default, deserialize_with = "de::list")]
    pub item: Vec<MaterialItem>,
}

/// One piece of material.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MaterialItem {
    /// Its id.
    pub media_id: MediaId,
    /// Its name; articles have none.
    #[serde(default, deserialize_with = "de::text")]
    pub name: String,
    /// When it was last changed, in seconds since the Unix epoch.
    #[serde(deserialize_with = "de::int")]
    pub update_time: i64,
    /// Of a picture: its address.
    #[serde(default, deserialize_with = "de::opt_string")]
    pub url: Option<String>,
    /// Of articles: what they say.
    pub content: Option<NewsContent>,
}

/// Articles that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NewsContent {
    /// One to eight of them.
    #[serde(deserialize_with = "de::list")]
    pub news_item: Vec<NewsItem>,
}

impl Endpoint for ListMaterial {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/material/batchget_material",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_materials_list.html",
    };
    type Response = MaterialList;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = ListMaterial { kind: MaterialType::News, offset: 0, count: 1 };
        assert_eq!(line(&request), "POST /cgi-bin/material/batchget_material?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"type": "news", "offset": 0, "count": 1}));
        let list = answer(
            &request,
            r#"{"total_count":2,"item_count":2,"item":[
                {"media_id":"A","content":{"news_item":[{"title":"TITLE","thumb_media_id":"THUMB","show_cover_pic":1,
                "author":"AUTHOR","digest":"DIGEST","content":"CONTENT","url":"URL","content_source_url":"SOURCE"}],
                "update_time":123456,"create_time":123456},"update_time":123456},
                {"media_id":"B","name":"NAME","url":"URL","update_time":123457}]}"#,
        )
        .unwrap();
        let articles = list.item[0].content.as_ref().unwrap();
        assert_eq!((articles.news_item[0].author.as_str(), articles.news_item[0].show_cover_pic), ("AUTHOR", true));
        assert_eq!((list.item[1].name.as_str(), list.item[1].url.as_deref()), ("NAME", Some("URL")));
        assert_nothing_is_no_success(&request);
    }
}
