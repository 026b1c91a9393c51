//! `GET /cgi-bin/material/get_materialcount`
//!
//! Counts the permanent material, that of the console included.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_the_total_of_all_materials.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks how much material there is.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct CountMaterial {}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct MaterialCount {
    /// Voices.
    #[serde(deserialize_with = "de::int")]
    pub voice_count: i64,
    /// Videos.
    #[serde(deserialize_with = "de::int")]
    pub video_count: i64,
    /// Pictures.
    #[serde(deserialize_with = "de::int")]
    pub image_count: i64,
    /// Articles.
    #[serde(deserialize_with = "de::int")]
    pub news_count: i64,
}

impl Endpoint for CountMaterial {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/material/get_materialcount",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_the_total_of_all_materials.html",
    };
    type Response = MaterialCount;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = CountMaterial {};
        assert_eq!(line(&request), "GET /cgi-bin/material/get_materialcount?access_token=ACCESS_TOKEN");
        let count = r#"{"voice_count":1,"video_count":2,"image_count":3,"news_count":"4"}"#;
        let count = answer(&request, count).unwrap();
        assert_eq!((count.voice_count, count.video_count, count.image_count, count.news_count), (1, 2, 3, 4));
        assert_nothing_is_no_success(&request);
    }
}
