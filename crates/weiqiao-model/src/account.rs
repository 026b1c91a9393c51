//! Which WeChat account is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The name our settings give to a WeChat account, such as `official`, `mini` or `shop-guangzhou`.
///
/// 1 to 64 characters of `[A-Za-z0-9._-]`, the first a letter or digit. It appears in paths and log lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(Box<str>);

/// A text that is no account name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("account name {0:?}: use 1 to 64 characters of [A-Za-z0-9._-], the first a letter or digit")]
pub struct BadAccountName(String);

impl AccountName {
    /// The longest name, in characters.
    pub const MAX_LENGTH: usize = 64;

    /// Checks the text.
    ///
    /// # Errors
    ///
    /// When the text has another shape than the one above.
    pub fn new(text: impl Into<String>) -> Result<Self, BadAccountName> {
        let text = text.into();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let starts_well = text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
        if starts_well && text.len() <= Self::MAX_LENGTH && text.bytes().all(allowed) {
            Ok(Self(text.into_boxed_str()))
        } else {
            Err(BadAccountName(text.chars().take(Self::MAX_LENGTH + 1).collect()))
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for AccountName {
    type Err = BadAccountName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

impl Serialize for AccountName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AccountName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// What sort of WeChat account it is. An endpoint without `?account=` uses the default account of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountKind {
    /// An official account (公众号): web login inside WeChat, JS-SDK, callbacks.
    Official,
    /// A mini program (小程序): mini login, subscribe messages.
    Mini,
}

impl AccountKind {
    /// The word used in settings and answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Mini => "mini",
        }
    }
}

impl fmt::Display for AccountKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_safe_shape() {
        for good in ["official", "mini", "a", "9", "shop-guangzhou", "A.b_c-1", &"x".repeat(64)] {
            assert_eq!(AccountName::new(good).unwrap().as_str(), good);
        }
        for bad in ["", "-a", ".", "../x", "a/b", "a b", "微信", "a\n", &"x".repeat(65)] {
            assert!(AccountName::new(bad).is_err(), "{bad:?}");
            assert!(serde_json::from_value::<AccountName>(bad.into()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn kinds_have_one_word_everywhere() {
        for kind in [AccountKind::Official, AccountKind::Mini] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
