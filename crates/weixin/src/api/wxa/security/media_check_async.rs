//! `POST /wxa/media_check_async`
//!
//! Has a picture or a sound looked at (version 2). The verdict comes within 30 minutes as the event `wxa_media_check`, under the
//! number given here. 2,000 calls a minute.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/mediaCheckAsync.html>

use serde::{Deserialize, Serialize, Serializer};
use weixin_proto::OpenId;

use super::ContentScene;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Has a file looked at.
#[derive(Debug, Clone, Serialize)]
pub struct CheckMedia {
    /// Where WeChat can fetch it, at most 10 MiB.
    pub media_url: String,
    /// What it is.
    pub media_type: CheckedMediaType,
    /// Where it is to appear.
    pub scene: ContentScene,
    /// Whose it is; they must have used the mini program in the last two hours (61010).
    pub openid: OpenId,
    version: u8,
}

impl CheckMedia {
    /// A file of this person for this place.
    #[must_use]
    pub fn new(
        media_url: impl Into<String>,
        media_type: CheckedMediaType,
        scene: ContentScene,
        openid: OpenId,
    ) -> Self {
        Self { media_url: media_url.into(), media_type, scene, openid, version: 2 }
    }
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckedMediaType {
    /// MP3, AAC, AC3, WMA, FLAC, Vorbis, Opus, WAV.
    Audio,
    /// JPEG, PNG, BMP, GIF (its first picture).
    Image,
}

impl Serialize for CheckedMediaType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(match self {
            Self::Audio => 1,
            Self::Image => 2,
        })
    }
}

/// It will be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MediaCheckStarted {
    /// The number the event will name.
    pub trace_id: String,
}

impl Endpoint for CheckMedia {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/media_check_async",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/mediaCheckAsync.html",
    };
    type Response = MediaCheckStarted;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let image = CheckedMediaType::Image;
        let request = CheckMedia::new("https://example.com/a.jpg", image, ContentScene::Profile, "OPENID".into());
        assert_eq!(line(&request), "POST /wxa/media_check_async?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"media_url": "https://example.com/a.jpg", "media_type": 2, "version": 2, "scene": 1,
                "openid": "OPENID"})
        );
        assert_eq!(json!(CheckedMediaType::Audio), 1);
        let started = answer(&request, r#"{"errcode":0,"errmsg":"ok","trace_id":"967e945cd8a3e458f3c74dcb886068e9"}"#);
        assert_eq!(started.unwrap().trace_id.len(), 32);
        assert_nothing_is_no_success(&request);
    }
}
