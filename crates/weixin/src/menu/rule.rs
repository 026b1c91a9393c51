//! Who sees a conditional menu.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use weixin_proto::json::de;

/// Whom a conditional menu is for. All that is said has to fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchRule {
    /// People whose last tag this is.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "de::opt_int",
        serialize_with = "as_text"
    )]
    pub tag_id: Option<i64>,
    /// People whose WeChat runs on this.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "platform")]
    pub client_platform_type: Option<ClientPlatform>,
    /// Sex, region, language and group of earlier menus. WeChat matches nobody by them any more and may refuse them
    /// (65320): they are here to be read, and [`Menu::check_conditional`](super::Menu::check_conditional) refuses them.
    #[serde(flatten)]
    pub retired: BTreeMap<String, Value>,
}

impl MatchRule {
    /// People whose last tag this is.
    #[must_use]
    pub fn tag(tag_id: i64) -> Self {
        Self { tag_id: Some(tag_id), ..Self::default() }
    }

    /// People whose WeChat runs on this.
    #[must_use]
    pub fn platform(platform: ClientPlatform) -> Self {
        Self { client_platform_type: Some(platform), ..Self::default() }
    }

    /// The withdrawn fields that say something.
    pub(super) fn withdrawn(&self) -> impl Iterator<Item = &str> {
        let says = |value: &Value| !matches!(value, Value::Null) && value.as_str() != Some("");
        self.retired.iter().filter(move |(_, value)| says(value)).map(|(name, _)| name.as_str())
    }
}

/// What somebody's WeChat runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum ClientPlatform {
    /// An iPhone.
    #[serde(rename = "1")]
    Ios,
    /// An Android phone.
    #[serde(rename = "2")]
    Android,
    /// Anything else.
    #[serde(rename = "3")]
    Other,
}

fn platform<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ClientPlatform>, D::Error> {
    Ok(match de::opt_int(deserializer)? {
        None | Some(0) => None,
        Some(1) => Some(ClientPlatform::Ios),
        Some(2) => Some(ClientPlatform::Android),
        Some(_) => Some(ClientPlatform::Other),
    })
}

// serde calls it with a reference to the field.
#[allow(clippy::ref_option)]
fn as_text<S: Serializer>(number: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    match number {
        Some(number) => serializer.collect_str(number),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_sent_as_text_and_read_as_either() {
        let rule = MatchRule { client_platform_type: Some(ClientPlatform::Android), ..MatchRule::tag(2) };
        assert_eq!(serde_json::to_value(&rule).unwrap(), json!({"tag_id": "2", "client_platform_type": "2"}));
        for written in [r#"{"tag_id":2,"client_platform_type":2}"#, r#"{"tag_id":"2","client_platform_type":"2"}"#] {
            assert_eq!(serde_json::from_str::<MatchRule>(written).unwrap(), rule);
        }
        let empty: MatchRule = serde_json::from_str(r#"{"tag_id":"","client_platform_type":"","sex":""}"#).unwrap();
        assert_eq!((empty.tag_id, empty.client_platform_type, empty.withdrawn().count()), (None, None, 0));
        let old: MatchRule = serde_json::from_str(r#"{"group_id":2,"sex":1,"country":"中国"}"#).unwrap();
        assert_eq!(old.withdrawn().collect::<Vec<_>>(), ["country", "group_id", "sex"]);
    }
}
