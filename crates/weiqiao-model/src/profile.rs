//! What WeChat tells about a person.

use serde::{Deserialize, Serialize};

/// A person's public profile, as the user-info call answers it. Display only: no field identifies anybody.
///
/// Absent fields are empty, `sex` is 0 for unknown, 1 for male, 2 for female.
/// WeChat's page: <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The nickname, any Unicode. Never a user name, never markup.
    pub nickname: String,
    /// Address of the portrait; empty when the person has none.
    pub headimgurl: String,
    /// 0 unknown, 1 male, 2 female.
    pub sex: i64,
    /// Language of the person's WeChat, such as `zh_CN`.
    pub language: String,
    /// Country, in the language asked for.
    pub country: String,
    /// Province, in the language asked for.
    pub province: String,
    /// City, in the language asked for.
    pub city: String,
    /// Privileges such as `chinaunicom`; mostly empty.
    pub privilege: Vec<String>,
}
