//! People who logged in through WeChat.

pub(super) mod read;

use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::user::UserInfo;

/// A person, as the login told it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserInfoBody {
    /// Who it is to the account they logged in through.
    #[schema(example = "oLVPpjqs9BhvzwPj5A-vTYAX3GLc")]
    openid: String,
    /// Display only; any Unicode, no control characters. Empty after a `snsapi_base` login.
    #[schema(example = "小明")]
    nickname: String,
    /// Address of the portrait; empty when there is none.
    #[schema(example = "https://thirdwx.qlogo.cn/mmopen/vi_32/abc/132")]
    headimgurl: String,
    /// 0 unknown, 1 male, 2 female.
    #[schema(example = 0)]
    sex: i64,
    /// Language of their WeChat.
    #[schema(example = "zh_CN")]
    language: String,
    /// Country.
    #[schema(example = "")]
    country: String,
    /// Province.
    #[schema(example = "")]
    province: String,
    /// City.
    #[schema(example = "")]
    city: String,
    /// Privileges such as `chinaunicom`.
    privilege: Vec<String>,
    /// When they last logged in, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    login_time: i64,
    /// Until when that login counts as fresh, epoch seconds.
    #[schema(example = 1_757_149_090_i64)]
    expires_at: i64,
    /// Who it is to the open-platform group, when WeChat said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    unionid: Option<String>,
}

impl From<UserInfo> for UserInfoBody {
    fn from(info: UserInfo) -> Self {
        let UserInfo { openid, nickname, headimgurl, sex, language, country, province, city, .. } = info;
        let UserInfo { privilege, login_time, expires_at, unionid, .. } = info;
        Self {
            openid,
            nickname,
            headimgurl,
            sex,
            language,
            country,
            province,
            city,
            privilege,
            login_time,
            expires_at,
            unionid,
        }
    }
}
