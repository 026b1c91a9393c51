//! `GET /wxa/business/getuserencryptkey`
//!
//! The last three keys WeChat shares with a person's mini program (`getUserCryptoManager`), each good for an hour.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/internet/getUserEncryptKey.html>

use std::fmt;

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;
use weixin_proto::{OpenId, SessionKey, sign};

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for a person's keys.
#[derive(Clone, Serialize)]
pub struct GetUserEncryptKey {
    openid: OpenId,
    signature: String,
    sig_method: &'static str,
}

impl GetUserEncryptKey {
    /// The keys of `openid`, whose session key is `session_key`. The key does not travel, a signature made with it does.
    #[must_use]
    pub fn new(openid: OpenId, session_key: &SessionKey) -> Self {
        let signature = sign::session_signature(session_key.expose(), b"");
        Self { openid, signature, sig_method: "hmac_sha256" }
    }
}

impl fmt::Debug for GetUserEncryptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GetUserEncryptKey").field("openid", &self.openid).finish_non_exhaustive()
    }
}

/// A person's keys, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UserEncryptKeys {
    /// At most three.
    pub key_info_list: Vec<UserEncryptKey>,
}

/// One key. `Debug` shows neither it nor its initialisation vector.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct UserEncryptKey {
    /// Base64 of 16 bytes.
    pub encrypt_key: String,
    /// 16 hexadecimal digits.
    pub iv: String,
    /// Which one it is; the mini program names it.
    #[serde(deserialize_with = "de::int")]
    pub version: i64,
    /// Seconds it is still good for; 0: not any more.
    #[serde(deserialize_with = "de::int")]
    pub expire_in: i64,
    /// When it was made, seconds since the Unix epoch.
    #[serde(deserialize_with = "de::int")]
    pub create_time: i64,
}

impl fmt::Debug for UserEncryptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserEncryptKey")
            .field("version", &self.version)
            .field("expire_in", &self.expire_in)
            .finish_non_exhaustive()
    }
}

impl Endpoint for GetUserEncryptKey {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/wxa/business/getuserencryptkey",
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/internet/getUserEncryptKey.html",
    };
    type Response = UserEncryptKeys;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = GetUserEncryptKey::new("OPENID".into(), &SessionKey::new("o0q0otL8aEzpcZL/FT9WsQ=="));
        assert_eq!(
            line(&request),
            "GET /wxa/business/getuserencryptkey?openid=OPENID&sig_method=hmac_sha256\
             &signature=46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128&access_token=ACCESS_TOKEN"
        );
        let keys = answer(
            &request,
            r#"{"errcode":0,"errmsg":"ok","key_info_list":[
                {"encrypt_key":"VI6BpyrK9XH4i4AIGe86tg==","version":10,"expire_in":3597,"iv":"6003f73ec441c386","create_time":1616572301},
                {"encrypt_key":"aoUGAHltcliiL9f23oTKHA==","version":9,"expire_in":0,"iv":"7996656384218dbb","create_time":1616504886}]}"#,
        )
        .unwrap();
        assert_eq!((keys.key_info_list.len(), keys.key_info_list[0].version), (2, 10));
        let shown = format!("{keys:?}");
        assert!(!shown.contains("VI6B") && !shown.contains("6003f"), "{shown}");
        assert_nothing_is_no_success(&request);
    }
}
