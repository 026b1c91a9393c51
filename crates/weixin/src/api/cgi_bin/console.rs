//! What is made in WeChat's console, as two calls show it.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use weixin_proto::json::de;

/// An article that a button or an automatic answer sends.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
pub struct ConsoleArticle {
    /// Its title.
    #[serde(default, deserialize_with = "de::text")]
    pub title: String,
    /// Who wrote it.
    #[serde(default, deserialize_with = "de::text")]
    pub author: String,
    /// What it is about.
    #[serde(default, deserialize_with = "de::text")]
    pub digest: String,
    /// Whether the picture is shown in the article too.
    #[serde(default, deserialize_with = "de::boolish")]
    pub show_cover: bool,
    /// The picture.
    #[serde(default, deserialize_with = "de::text")]
    pub cover_url: String,
    /// The article.
    #[serde(default, deserialize_with = "de::text")]
    pub content_url: String,
    /// What "read the original" opens; empty when there is no such link.
    #[serde(default, deserialize_with = "de::text")]
    pub source_url: String,
}

/// A list in `{"list":[…]}`, or without that.
pub(super) fn listed<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    #[derive(serde::Deserialize)]
    #[serde(untagged, bound = "T: DeserializeOwned")]
    enum Listed<T> {
        Inside {
            #[serde(deserialize_with = "de::list")]
            list: Vec<T>,
        },
        Plain(Vec<T>),
    }
    Ok(match Option::<Listed<T>>::deserialize(deserializer)? {
        Some(Listed::Inside { list } | Listed::Plain(list)) => list,
        None => Vec::new(),
    })
}
