//! Short keys: a little text kept under fifteen characters for a while.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::random::Random;

/// What is behind one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShortText {
    pub(crate) app_id: String,
    pub(crate) long_data: String,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: i64,
}

/// All keys that are alive.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ShortKeys {
    of: BTreeMap<String, ShortText>,
}

impl ShortKeys {
    /// Keeps a text; its key.
    pub(crate) fn keep(&mut self, text: ShortText, random: &mut Random) -> String {
        let now_ms = text.created_ms;
        self.of.retain(|_, kept| kept.expires_ms > now_ms);
        let key = random.alnum(15);
        self.of.insert(key.clone(), text);
        key
    }

    /// The text of a key of this account that is still alive.
    pub(crate) fn find(&self, app_id: &str, key: &str, now_ms: i64) -> Option<&ShortText> {
        self.of.get(key).filter(|text| text.app_id == app_id && text.expires_ms > now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_accounts_own_and_dies() {
        let (mut keys, mut random) = (ShortKeys::default(), Random::new(1));
        let text = |now_ms| ShortText {
            app_id: "wx1".into(),
            long_data: "long".into(),
            created_ms: now_ms,
            expires_ms: now_ms + 1000,
        };
        let key = keys.keep(text(0), &mut random);
        assert_eq!(key.len(), 15);
        assert_eq!(keys.find("wx1", &key, 999).unwrap().long_data, "long");
        assert!(keys.find("wx1", &key, 1000).is_none() && keys.find("wx2", &key, 0).is_none());
        let other = keys.keep(text(5000), &mut random);
        assert_eq!(keys.of.keys().collect::<Vec<_>>(), [&other], "dead ones are forgotten");
    }
}
