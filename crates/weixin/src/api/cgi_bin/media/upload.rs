//! `POST /cgi-bin/media/upload`
//!
//! Gives WeChat a file for three days. Its id may be used any number of times, for this account only.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html>

use serde::{Deserialize, Serialize};
use weixin_proto::MediaId;
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::{File, Part, wire};

/// Uploads a temporary file.
#[derive(Debug, Clone, Serialize)]
pub struct UploadMedia {
    /// What the file is.
    #[serde(rename = "type")]
    pub kind: MediaType,
    /// The file.
    #[serde(skip)]
    pub file: File,
}

/// What a file is to WeChat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaType {
    /// A picture: JPEG, PNG or GIF (permanent also BMP), at most 10 MiB.
    Image,
    /// A voice: AMR or MP3 (permanent also WMA and WAV), at most 2 MiB and a minute.
    Voice,
    /// A video: MP4, at most 10 MiB.
    Video,
    /// A small picture for videos, music and cards: JPEG, at most 64 KiB.
    Thumb,
}

/// Where the file is now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UploadedMedia {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: MediaType,
    /// Its id. Thumbs come with a name of their own for it.
    #[serde(alias = "thumb_media_id", deserialize_with = "wire::filled_id")]
    pub media_id: MediaId,
    /// When the three days began, in seconds since the Unix epoch.
    #[serde(deserialize_with = "de::int")]
    pub created_at: i64,
}

impl Endpoint for UploadMedia {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/media/upload",
        auth: Auth::AccessToken,
        encoding: Encoding::Multipart,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html",
    };
    type Response = UploadedMedia;

    fn parts(&self) -> Vec<Part<'_>> {
        vec![self.file.as_media()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, form, line};

    fn request() -> UploadMedia {
        UploadMedia { kind: MediaType::Image, file: File::new("a.jpg", "image/jpeg", "pixels") }
    }

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&request()), "POST /cgi-bin/media/upload?type=image&access_token=ACCESS_TOKEN");
        let form = form(&request());
        assert!(
            form.contains(
                "form-data; name=\"media\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\npixels\r\n"
            )
        );
        assert!(!format!("{:?}", request()).contains("pixels"));
        let image = answer(&request(), r#"{"type":"image","media_id":"MEDIA_ID","created_at":123456789}"#).unwrap();
        assert_eq!(
            (image.kind, image.media_id.as_str(), image.created_at),
            (MediaType::Image, "MEDIA_ID", 123_456_789)
        );
        assert_nothing_is_no_success(&request());
    }

    #[test]
    fn thumbs_call_their_id_otherwise() {
        let thumb = r#"{"type":"thumb","thumb_media_id":"THUMB","created_at":"123456789"}"#;
        assert_eq!(answer(&request(), thumb).unwrap().media_id.as_str(), "THUMB");
    }
}
