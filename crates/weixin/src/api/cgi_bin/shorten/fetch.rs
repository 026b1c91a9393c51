//! `POST /cgi-bin/shorten/fetch`
//!
//! The text behind a short key.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Account_Management/KEY_Shortener.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the text of a short key.
#[derive(Debug, Clone, Serialize)]
pub struct FetchShortKey {
    /// A key of this account that is still alive; 9410012 otherwise.
    pub short_key: String,
}

/// The text of a short key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LongData {
    /// The text.
    pub long_data: String,
    /// When the key was made, in seconds since the Unix epoch.
    #[serde(default, deserialize_with = "de::int")]
    pub create_time: i64,
    /// How many seconds it has left.
    #[serde(default, deserialize_with = "de::int")]
    pub expire_seconds: i64,
}

impl Endpoint for FetchShortKey {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/shorten/fetch",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Account_Management/KEY_Shortener.html",
    };
    type Response = LongData;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = FetchShortKey { short_key: "iTqRJFSEqk9RvPk".into() };
        assert_eq!(line(&request), "POST /cgi-bin/shorten/fetch?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"short_key": "iTqRJFSEqk9RvPk"}));
        let data = answer(
            &request,
            r#"{"errcode":0,"errmsg":"ok","long_data":"loooooong data","create_time":1611047541,"expire_seconds":86300}"#,
        )
        .unwrap();
        assert_eq!(
            (data.long_data.as_str(), data.create_time, data.expire_seconds),
            ("loooooong data", 1611047541, 86300)
        );
        assert_nothing_is_no_success(&request);
    }
}
