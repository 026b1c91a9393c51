//! `POST /wxa/business/checkencryptedmsg`
//!
//! Whether `encryptedData` with a phone number is WeChat's, by its hash. Knows the last three days.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/basic-info/checkEncryptedData.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks about encrypted data.
#[derive(Debug, Clone, Serialize)]
pub struct CheckEncryptedMessage {
    /// SHA-256 of it in lower-case hexadecimal digits. WeChat does not say whether of the Base64 text or of the bytes.
    pub encrypted_msg_hash: String,
}

/// What WeChat knows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct EncryptedMessageChecked {
    /// Whether it is WeChat's. WeChat spells it `vaild`.
    #[serde(rename = "vaild", alias = "valid")]
    pub is_valid: bool,
    /// When it was made, seconds since the Unix epoch.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub create_time: Option<i64>,
}

impl Endpoint for CheckEncryptedMessage {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/business/checkencryptedmsg",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/basic-info/checkEncryptedData.html",
    };
    type Response = EncryptedMessageChecked;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let hash = "657edd868c9715a9bebe42b833269a557a48498785397a796f1568c29a200b2c";
        let request = CheckEncryptedMessage { encrypted_msg_hash: hash.into() };
        assert_eq!(line(&request), "POST /wxa/business/checkencryptedmsg?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"encrypted_msg_hash": hash}));
        let known = answer(&request, r#"{"errcode":0,"errmsg":"ok","vaild":true,"create_time":1629121902}"#).unwrap();
        assert_eq!(known, EncryptedMessageChecked { is_valid: true, create_time: Some(1_629_121_902) });
        assert!(!answer(&request, r#"{"errcode":0,"errmsg":"ok","valid":false}"#).unwrap().is_valid);
        assert_nothing_is_no_success(&request);
    }
}
