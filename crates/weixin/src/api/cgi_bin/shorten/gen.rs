//! `POST /cgi-bin/shorten/gen`
//!
//! A key of fifteen letters and digits for up to 4 KB of text, so that more fits into a QR code or a scene.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Account_Management/KEY_Shortener.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Keeps a text under a short key.
#[derive(Debug, Clone, Serialize)]
pub struct CreateShortKey {
    /// 1 to 4096 bytes (9410010).
    pub long_data: String,
    /// How many seconds the key lives, at most 2,592,000 (9410011), thirty days; that many when `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_seconds: Option<i64>,
}

/// A short key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShortKey {
    /// Fifteen letters and digits.
    #[serde(deserialize_with = "de::string")]
    pub short_key: String,
}

impl Endpoint for CreateShortKey {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/shorten/gen",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Account_Management/KEY_Shortener.html",
    };
    type Response = ShortKey;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = CreateShortKey { long_data: "loooooong data".into(), expire_seconds: Some(86400) };
        assert_eq!(line(&request), "POST /cgi-bin/shorten/gen?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"long_data": "loooooong data", "expire_seconds": 86400}));
        let key = answer(&request, r#"{"errcode":0,"errmsg":"ok","short_key":"iTqRJFSEqk9RvPk"}"#).unwrap();
        assert_eq!(key.short_key, "iTqRJFSEqk9RvPk");
        assert_nothing_is_no_success(&request);
    }
}
