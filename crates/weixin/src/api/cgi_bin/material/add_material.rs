//! `POST /cgi-bin/material/add_material`
//!
//! Gives WeChat a file for good. It counts against the account's 100 000 pictures or 1000 of any other kind.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Adding_Permanent_Assets.html>

use serde::{Deserialize, Serialize};
use weixin_proto::MediaId;
use weixin_proto::json::de;

use crate::api::cgi_bin::media::MediaType;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::{File, Part, wire};

/// Uploads permanent material.
#[derive(Debug, Clone, Serialize)]
pub struct AddMaterial {
    /// What the file is.
    #[serde(rename = "type")]
    pub kind: MediaType,
    /// The file.
    #[serde(skip)]
    pub file: File,
    /// What a video is about; other kinds need none.
    #[serde(skip)]
    pub video: Option<VideoDescription>,
}

/// What a video is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VideoDescription {
    title: String,
    introduction: String,
    #[serde(skip)]
    json: String,
}

impl VideoDescription {
    /// A title and what is below it.
    #[must_use]
    pub fn new(title: impl Into<String>, introduction: impl Into<String>) -> Self {
        let (title, introduction) = (title.into(), introduction.into());
        let json = serde_json::json!({ "title": title, "introduction": introduction }).to_string();
        Self { title, introduction, json }
    }
}

/// Where the file is now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AddedMaterial {
    /// Its id, for this account only.
    #[serde(deserialize_with = "wire::filled_id")]
    pub media_id: MediaId,
    /// Of a picture: its address, for use in WeChat only.
    #[serde(default, deserialize_with = "de::opt_string")]
    pub url: Option<String>,
}

impl Endpoint for AddMaterial {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/material/add_material",
        auth: Auth::AccessToken,
        encoding: Encoding::Multipart,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Adding_Permanent_Assets.html",
    };
    type Response = AddedMaterial;

    fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = vec![self.file.as_media()];
        if let Some(video) = &self.video {
            let bytes = video.json.as_bytes();
            parts.push(Part { name: "description", filename: None, content_type: "", bytes });
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, form, line};

    fn request(video: Option<VideoDescription>) -> AddMaterial {
        AddMaterial { kind: MediaType::Video, file: File::new("a.mp4", "video/mp4", "frames"), video }
    }

    #[test]
    fn the_documented_call() {
        let video = request(Some(VideoDescription::new("VIDEO_TITLE", "INTRODUCTION")));
        assert_eq!(line(&video), "POST /cgi-bin/material/add_material?type=video&access_token=ACCESS_TOKEN");
        let form = form(&video);
        assert!(form.contains("name=\"media\"; filename=\"a.mp4\""));
        let description = form.split("name=\"description\"\r\n\r\n").nth(1).unwrap().split("\r\n").next().unwrap();
        let description: serde_json::Value = serde_json::from_str(description).unwrap();
        assert_eq!(description, serde_json::json!({"title": "VIDEO_TITLE", "introduction": "INTRODUCTION"}));
        let added = answer(&request(None), r#"{"media_id":"MEDIA_ID","url":"URL"}"#).unwrap();
        assert_eq!((added.media_id.as_str(), added.url.as_deref()), ("MEDIA_ID", Some("URL")));
        assert_eq!(answer(&request(None), r#"{"media_id":"MEDIA_ID"}"#).unwrap().url, None);
        assert_nothing_is_no_success(&request(None));
    }
}
