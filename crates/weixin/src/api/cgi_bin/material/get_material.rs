//! `POST /cgi-bin/material/get_material`
//!
//! Gives back permanent material: the file itself, of a video where it is, of articles what they say.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Getting_Permanent_Assets.html>

use serde::{Deserialize, Serialize};
use weixin_proto::MediaId;

use super::NewsItem;
use crate::File;
use crate::api::cgi_bin::media::LONGEST_FILE;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for permanent material.
#[derive(Debug, Clone, Serialize)]
pub struct GetMaterial {
    /// Its id.
    pub media_id: MediaId,
}

/// Permanent material.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Material {
    /// Articles.
    News {
        /// One to eight of them.
        news_item: Vec<NewsItem>,
    },
    /// A video.
    Video {
        /// First line.
        title: String,
        /// Second line.
        #[serde(default)]
        description: String,
        /// Where it can be fetched without a token.
        down_url: String,
    },
    /// A picture, voice or thumb.
    #[serde(skip)]
    File(File),
}

impl Endpoint for GetMaterial {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/material/get_material",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Getting_Permanent_Assets.html",
    };
    type Response = Material;
    const LONGEST_FILE: Option<usize> = Some(LONGEST_FILE);

    fn from_file(file: File) -> Option<Material> {
        Some(Material::File(file))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line, received};

    #[test]
    fn the_documented_call() {
        let request = GetMaterial { media_id: "MEDIA_ID".into() };
        assert_eq!(line(&request), "POST /cgi-bin/material/get_material?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"media_id": "MEDIA_ID"}));
        let video = answer(&request, r#"{"title":"TITLE","description":"DESCRIPTION","down_url":"DOWN_URL"}"#).unwrap();
        assert!(matches!(video, Material::Video { title, down_url, .. } if title == "TITLE" && down_url == "DOWN_URL"));
        let news = r#"{"news_item":[{"title":"TITLE","thumb_media_id":"THUMB","show_cover_pic":0,"author":"AUTHOR",
            "digest":"DIGEST","content":"CONTENT","url":"URL","content_source_url":"SOURCE"}]}"#;
        let Material::News { news_item } = answer(&request, news).unwrap() else { panic!("articles") };
        assert_eq!((news_item[0].title.as_str(), news_item[0].show_cover_pic), ("TITLE", false));
        let file = received(&request, "image/jpeg", Some("a.jpg"), b"\xff\xd8").unwrap();
        assert!(matches!(file, Material::File(file) if file.filename == "a.jpg"));
        assert_nothing_is_no_success(&request);
    }
}
