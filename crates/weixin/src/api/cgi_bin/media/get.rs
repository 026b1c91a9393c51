//! `GET /cgi-bin/media/get`
//!
//! Gives back a temporary file, or what a person has sent: the file itself, of a video its address.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_temporary_materials.html>

use serde::{Deserialize, Serialize};
use weixin_proto::MediaId;

use super::LONGEST_FILE;
use crate::File;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for a temporary file.
#[derive(Debug, Clone, Serialize)]
pub struct GetMedia {
    /// Its id.
    pub media_id: MediaId,
}

/// A temporary file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "VideoAddress")]
pub enum Media {
    /// A picture, voice or thumb.
    File(File),
    /// A video, to be fetched here without a token.
    Video {
        /// Its address.
        url: String,
    },
}

#[derive(Deserialize)]
struct VideoAddress {
    video_url: String,
}

impl From<VideoAddress> for Media {
    fn from(VideoAddress { video_url }: VideoAddress) -> Self {
        Self::Video { url: video_url }
    }
}

impl Endpoint for GetMedia {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/media/get",
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_temporary_materials.html",
    };
    type Response = Media;
    const LONGEST_FILE: Option<usize> = Some(LONGEST_FILE);

    fn from_file(file: File) -> Option<Media> {
        Some(Media::File(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line, received};

    fn request() -> GetMedia {
        GetMedia { media_id: "MEDIA_ID".into() }
    }

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&request()), "GET /cgi-bin/media/get?media_id=MEDIA_ID&access_token=ACCESS_TOKEN");
        let video = answer(&request(), r#"{"video_url":"http://mpvideo.qpic.cn/a.mp4"}"#).unwrap();
        assert_eq!(video, Media::Video { url: "http://mpvideo.qpic.cn/a.mp4".into() });
        let file = received(&request(), "image/jpeg", Some("MEDIA_ID.jpg"), b"\xff\xd8\xff").unwrap();
        assert_eq!(file, Media::File(File::new("MEDIA_ID.jpg", "image/jpeg", b"\xff\xd8\xff".as_slice())));
        assert_nothing_is_no_success(&request());
    }

    #[test]
    fn a_refusal_is_one_under_any_content_type() {
        let refused = br#"{"errcode":40007,"errmsg":"invalid media_id hint: [xLp1] rid: 6aac005a-01bfdbee-79769285"}"#;
        for content_type in ["text/plain", "application/json", "image/jpeg", ""] {
            let error = received(&request(), content_type, Some("x.jpg"), refused).unwrap_err();
            assert_eq!(error.errcode().map(|code| code.get()), Some(40007), "{content_type}");
        }
    }

    #[test]
    fn what_names_itself_no_file_is_none() {
        for (content_type, body) in [("text/html", b"<html></html>".as_slice()), ("image/jpeg", b""), ("", b"abc")] {
            assert!(received(&request(), content_type, None, body).is_err(), "{content_type}");
        }
        assert!(received(&request(), "", Some("a.jpg"), b"abc").is_ok(), "named is enough");
    }
}
