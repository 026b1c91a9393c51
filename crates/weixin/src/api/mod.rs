//! The endpoints, one file each, in the tree of WeChat's paths.
//!
//! A file begins with the HTTP line, says what the call is for and links WeChat's page; then come the request, its
//! [`SPEC`](crate::Endpoint::SPEC), the response and a test against the documented example. To add one, write such a
//! file, name it in its `mod.rs` and add it to the [`catalogue`](crate::catalogue()); a test finds it if you forget.

pub mod cgi_bin;
pub mod customservice;
pub mod sns;
#[cfg(test)]
pub(crate) mod testing;
pub mod wxa;
pub mod wxaapi;

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

/// WeChat did it: `{"errcode":0,"errmsg":"ok"}`. An answer without the code is not taken for this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Done {
    #[serde(rename = "errcode", deserialize_with = "de::int")]
    _errcode: i64,
}

/// The language of place names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub enum Language {
    /// Simplified Chinese, WeChat's own default.
    #[default]
    #[serde(rename = "zh_CN")]
    SimplifiedChinese,
    /// Traditional Chinese.
    #[serde(rename = "zh_TW")]
    TraditionalChinese,
    /// English.
    #[serde(rename = "en")]
    English,
}
