//! WeChat's error codes: what each one means, what to do next, and whether to try again.
//!
//! [`ErrCode`] is a number and any number is legal: a code this table has never heard of survives and is treated
//! with the safe default, [`Class::Never`]. What is known about a code is its [`Entry`], one row of the family files
//! beside this one:
//!
//! | file | codes about |
//! |---|---|
//! | `general` | credentials, quotas, arguments, permissions, diagnostics |
//! | `oauth` | web login and the error pages of the authorize page |
//! | `mini` | mini-program login, sessions, request signing, codes and links, content security |
//! | `subscribe` | template and subscription messages |
//! | `menu` | menus and conditional menus |
//! | `user` | followers, tags, blacklist |
//! | `media` | pictures, voices, videos, articles |
//! | `service` | customer service and statistics |
//! | `publish` | mass sending, drafts, publishing, comments |
//! | `card` | QR codes, short keys, cards |
//! | `platform` | third-party platforms |
//!
//! To add a code: one row in its family. A code written twice does not compile.
//!
//! The same number can mean slightly different things on different paths (40029 exists for web login, for mini
//! programs and for phone numbers); the rows say so where it matters.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html>

mod card;
mod general;
mod hint;
mod media;
mod menu;
mod mini;
mod oauth;
mod platform;
mod publish;
mod service;
mod subscribe;
mod table;
mod user;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use table::all;

/// The number WeChat answers with: 0 is success, -1 a busy server, anything else a refusal.
///
/// Read from JSON it may be a number or a text (`"0"`), WeChat sends both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ErrCode(pub i64);

/// What to do after a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// It worked.
    Ok,
    /// The token that was used is dead: replace that one, send again once. A second refusal is final.
    RefreshToken,
    /// Not now: wait a moment and repeat, if the call may be repeated at all.
    Backoff,
    /// A counter is used up: no call before the next minute, day or month will do better.
    Quota,
    /// The same request will be refused again: change something first.
    Never,
}

/// What is known about one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The number.
    pub code: i64,
    /// WeChat's own words without request id, misspellings included; empty where they are not known.
    pub errmsg: &'static str,
    /// What it means, in English, without a full stop.
    pub meaning_en: &'static str,
    /// What it means, in Chinese, without a full stop.
    pub meaning_zh: &'static str,
    /// What to do next, in Chinese: whole sentences.
    pub next_zh: &'static str,
    /// Whether trying again helps.
    pub class: Class,
}

impl ErrCode {
    /// Success.
    pub const OK: Self = Self(0);
    /// WeChat is busy.
    pub const SYSTEM_BUSY: Self = Self(-1);
    /// The access token is not (or no longer) valid; when fetching a token: the AppSecret is wrong.
    pub const INVALID_CREDENTIAL: Self = Self(40001);
    /// The openid is wrong or another account's.
    pub const INVALID_OPENID: Self = Self(40003);
    /// The appid is wrong.
    pub const INVALID_APPID: Self = Self(40013);
    /// The access token is malformed.
    pub const INVALID_ACCESS_TOKEN: Self = Self(40014);
    /// The login code is unknown, expired or of another account or kind.
    pub const INVALID_CODE: Self = Self(40029);
    /// The AppSecret does not belong to the appid.
    pub const INVALID_APPSECRET: Self = Self(40125);
    /// The login code was exchanged before.
    pub const CODE_USED: Self = Self(40163);
    /// Our address is not on the account's white list.
    pub const IP_NOT_LISTED: Self = Self(40164);
    /// WeChat refuses to log this person in: high risk.
    pub const CODE_BLOCKED: Self = Self(40226);
    /// No access token was sent.
    pub const MISSING_ACCESS_TOKEN: Self = Self(41001);
    /// The access token is past its life.
    pub const ACCESS_TOKEN_EXPIRED: Self = Self(42001);
    /// The refresh token is past its life: the person must log in again.
    pub const REFRESH_TOKEN_EXPIRED: Self = Self(42002);
    /// The login code is past its life.
    pub const CODE_EXPIRED: Self = Self(42003);
    /// The person refused the subscription message or has no credit left.
    pub const USER_REFUSED: Self = Self(43101);
    /// The daily quota is used up.
    pub const DAILY_QUOTA: Self = Self(45009);
    /// The quota of this minute is used up.
    pub const MINUTE_QUOTA: Self = Self(45011);
    /// A field of the message breaks its rule.
    pub const INVALID_ARGUMENT: Self = Self(47003);
    /// The account has no right to this interface.
    pub const UNAUTHORIZED: Self = Self(48001);
    /// The signature with the session key is wrong, or the key is stale.
    pub const INVALID_SESSION_SIGNATURE: Self = Self(87009);

    /// The number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether this is success.
    #[must_use]
    pub const fn is_ok(self) -> bool {
        self.0 == 0
    }

    /// What to do after this code; [`Class::Never`] for a code nobody has described yet.
    #[must_use]
    pub fn class(self) -> Class {
        self.entry().map_or(Class::Never, |entry| entry.class)
    }

    /// What is known about this code, if anything.
    #[must_use]
    pub fn entry(self) -> Option<&'static Entry> {
        table::find(self.0)
    }

    /// Cause and next step in Chinese, for the person in front of the screen.
    ///
    /// `errmsg` is WeChat's text as it came: what it names (the refused address, the field of a message) is put into
    /// the hint. Nothing else of it is repeated. Unknown codes get a hint too.
    #[must_use]
    pub fn hint_zh(self, errmsg: &str) -> String {
        hint::compose(self, errmsg)
    }
}

impl fmt::Display for ErrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<i64> for ErrCode {
    fn from(code: i64) -> Self {
        Self(code)
    }
}

impl Serialize for ErrCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for ErrCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::json::de::int(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_code_survives_and_is_not_repeated() {
        for code in [-2, 1, 99, i64::MIN, i64::MAX] {
            let code = ErrCode(code);
            assert_eq!((code.entry(), code.class()), (None, Class::Never));
            assert_eq!(serde_json::from_str::<ErrCode>(&serde_json::to_string(&code).unwrap()).unwrap(), code);
        }
    }

    #[test]
    fn a_code_may_arrive_as_text() {
        for json in ["0", "\"0\"", "0.0"] {
            assert!(serde_json::from_str::<ErrCode>(json).unwrap().is_ok(), "{json}");
        }
        assert_eq!(serde_json::from_str::<ErrCode>("\"-1\"").unwrap(), ErrCode::SYSTEM_BUSY);
    }

    #[test]
    fn the_named_codes_mean_what_their_names_say() {
        for (code, words) in [
            (ErrCode::OK, "success"),
            (ErrCode::SYSTEM_BUSY, "busy"),
            (ErrCode::INVALID_CREDENTIAL, "AppSecret"),
            (ErrCode::INVALID_OPENID, "openid"),
            (ErrCode::INVALID_APPID, "appid"),
            (ErrCode::INVALID_ACCESS_TOKEN, "access_token"),
            (ErrCode::INVALID_CODE, "code is unknown"),
            (ErrCode::INVALID_APPSECRET, "AppSecret"),
            (ErrCode::CODE_USED, "exchanged before"),
            (ErrCode::IP_NOT_LISTED, "white list"),
            (ErrCode::CODE_BLOCKED, "high-risk"),
            (ErrCode::MISSING_ACCESS_TOKEN, "absent"),
            (ErrCode::ACCESS_TOKEN_EXPIRED, "access_token is past"),
            (ErrCode::REFRESH_TOKEN_EXPIRED, "refresh_token is past"),
            (ErrCode::CODE_EXPIRED, "code is past"),
            (ErrCode::USER_REFUSED, "subscription"),
            (ErrCode::DAILY_QUOTA, "daily quota"),
            (ErrCode::MINUTE_QUOTA, "minute"),
            (ErrCode::INVALID_ARGUMENT, "format"),
            (ErrCode::UNAUTHORIZED, "permission"),
            (ErrCode::INVALID_SESSION_SIGNATURE, "session key"),
        ] {
            let entry = code.entry().unwrap();
            assert!(entry.meaning_en.contains(words), "{code}: {}", entry.meaning_en);
        }
    }

    #[test]
    fn every_row_is_written_for_people() {
        for entry in all() {
            let Entry { code, meaning_en, meaning_zh, next_zh, .. } = entry;
            let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(chinese(meaning_zh) && !meaning_zh.ends_with(['。', '.', ' ']), "{code}: {meaning_zh}");
            assert!(chinese(next_zh) && next_zh.ends_with('。'), "{code}: {next_zh}");
            assert!(
                !meaning_en.is_empty() && meaning_en.is_ascii() && !meaning_en.ends_with('.'),
                "{code}: {meaning_en}"
            );
        }
    }

    #[test]
    fn only_dead_tokens_are_replaced() {
        let codes: Vec<i64> = all().iter().filter(|entry| entry.class == Class::RefreshToken).map(|e| e.code).collect();
        assert_eq!(codes, [40001, 40014, 42001, 42006]);
    }
}
