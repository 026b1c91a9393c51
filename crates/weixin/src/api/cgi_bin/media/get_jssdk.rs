//! `GET /cgi-bin/media/get/jssdk`
//!
//! Gives back a voice uploaded by a page with `uploadVoice`, in its clear form: Speex at 16 kHz.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_temporary_materials.html>

use serde::Serialize;
use weixin_proto::MediaId;

use super::LONGEST_FILE;
use crate::File;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for a voice a page has recorded.
#[derive(Debug, Clone, Serialize)]
pub struct GetJsSdkVoice {
    /// The `serverId` of `uploadVoice`.
    pub media_id: MediaId,
}

impl Endpoint for GetJsSdkVoice {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/media/get/jssdk",
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_temporary_materials.html",
    };
    type Response = File;
    const LONGEST_FILE: Option<usize> = Some(LONGEST_FILE);

    fn from_file(file: File) -> Option<File> {
        Some(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line, received};

    #[test]
    fn the_documented_call() {
        let request = GetJsSdkVoice { media_id: "MEDIA_ID".into() };
        assert_eq!(line(&request), "GET /cgi-bin/media/get/jssdk?media_id=MEDIA_ID&access_token=ACCESS_TOKEN");
        let voice = received(&request, "voice/speex", Some("MEDIA_ID.speex"), b"Speex").unwrap();
        assert_eq!((voice.filename.as_str(), voice.bytes.len()), ("MEDIA_ID.speex", 5));
        assert!(answer(&request, r#"{"video_url":"http://a/"}"#).is_err());
        assert_nothing_is_no_success(&request);
    }
}
