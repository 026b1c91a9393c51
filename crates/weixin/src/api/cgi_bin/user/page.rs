//! A page of openids, as three calls answer it.

use serde::{Deserialize, Deserializer};
use weixin_proto::OpenId;
use weixin_proto::json::de;

/// A page of openids.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OpenIdPage {
    /// How many there are on all pages, where WeChat says so.
    #[serde(default, deserialize_with = "de::opt_int")]
    pub total: Option<i64>,
    /// How many there are on this page.
    #[serde(deserialize_with = "de::int")]
    pub count: i64,
    /// The people, as this account sees them.
    #[serde(default, rename = "data", deserialize_with = "inside")]
    pub openids: Vec<OpenId>,
    /// The last one on this page; absent or empty on an empty one.
    #[serde(default, deserialize_with = "de::opt_id")]
    pub next_openid: Option<OpenId>,
}

impl OpenIdPage {
    /// What to ask with for the page after this one; `None` when this one was empty and so the last.
    ///
    /// The last page with people on it names a next one too, which is empty.
    #[must_use]
    pub fn next(&self) -> Option<&OpenId> {
        self.next_openid.as_ref().filter(|_| !self.openids.is_empty())
    }
}

/// The list in `{"openid":[…]}`.
fn inside<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<OpenId>, D::Error> {
    #[derive(Deserialize)]
    struct Data {
        #[serde(default, deserialize_with = "de::list")]
        openid: Vec<OpenId>,
    }
    Ok(Option::<Data>::deserialize(deserializer)?.map_or_else(Vec::new, |data| data.openid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_page_has_no_data_and_is_the_last() {
        for body in [r#"{"total":0,"count":0,"next_openid":""}"#, r#"{"count":0,"data":null}"#, r#"{"count":"0"}"#] {
            let page: OpenIdPage = serde_json::from_str(body).unwrap();
            assert!(page.openids.is_empty() && page.next().is_none(), "{body}");
        }
    }
}
