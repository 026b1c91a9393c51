//! Reading fields that must be there and must not be empty, and fields that come with a quirk.

use serde::de::value::StrDeserializer;
use serde::de::{Deserialize, Deserializer, Error};
use weixin_proto::{Id, Secret, id, secret};

/// A secret with at least one character. WeChat's empty text for "none" is no token.
pub(crate) fn filled_secret<'de, K, D>(deserializer: D) -> Result<Secret<K>, D::Error>
where
    K: secret::Kind,
    D: Deserializer<'de>,
{
    let secret = Secret::<K>::deserialize(deserializer)?;
    if secret.is_empty() {
        return Err(D::Error::invalid_length(0, &K::NAME));
    }
    Ok(secret)
}

/// An identifier with at least one character.
pub(crate) fn filled_id<'de, K, D>(deserializer: D) -> Result<Id<K>, D::Error>
where
    K: id::Kind,
    D: Deserializer<'de>,
{
    let id = Id::<K>::deserialize(deserializer)?;
    if id.is_empty() {
        return Err(D::Error::invalid_length(0, &K::NAME));
    }
    Ok(id)
}

/// An identifier that may be missing or empty, without the blanks some of WeChat's pages show before it.
pub(crate) fn trimmed_opt_id<'de, K, D>(deserializer: D) -> Result<Option<Id<K>>, D::Error>
where
    K: id::Kind,
    D: Deserializer<'de>,
{
    let text = Option::<String>::deserialize(deserializer)?;
    match text.as_deref().map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => Id::deserialize(StrDeserializer::<D::Error>::new(text)).map(Some),
    }
}

/// What WeChat says about a person's sex: 1, 2, or 0 for everything else. Nobody is kept out for it.
pub(crate) fn sex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let said = serde_json::Value::deserialize(deserializer)?;
    let number = said.as_i64().or_else(|| said.as_str()?.trim().parse().ok());
    Ok(number.filter(|number| matches!(number, 1 | 2)).unwrap_or(0))
}

/// The life of a token, whatever WeChat says about it.
pub(crate) mod two_hours {
    use serde::de::Deserializer;
    use weixin_proto::json::de;

    /// Seconds, if WeChat says nothing: two hours less five minutes.
    pub(crate) fn unsaid() -> i64 {
        7200 - 300
    }

    /// Seconds, between 30 and two hours.
    pub(crate) fn clamped<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        Ok(clamp(de::opt_int(deserializer)?))
    }

    pub(crate) fn clamp(seconds: Option<i64>) -> i64 {
        seconds.unwrap_or_else(unsaid).clamp(30, 7200)
    }
}
