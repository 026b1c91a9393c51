//! Whom an official account has blocked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// All blacklists: appid → people, in the order they were blocked.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Blacklists {
    of: BTreeMap<String, Vec<String>>,
}

impl Blacklists {
    /// Blocks people; those who are blocked keep their place.
    pub(crate) fn block(&mut self, app_id: &str, people: &[String]) {
        let list = self.of.entry(app_id.to_owned()).or_default();
        for person in people {
            if !list.contains(person) {
                list.push(person.clone());
            }
        }
    }

    /// Lets people back in; others stay as they are.
    pub(crate) fn unblock(&mut self, app_id: &str, people: &[String]) {
        if let Some(list) = self.of.get_mut(app_id) {
            list.retain(|person| !people.contains(person));
        }
    }

    /// Everybody who is blocked, in the order they were.
    pub(crate) fn list(&self, app_id: &str) -> &[String] {
        self.of.get(app_id).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_blocked_once_and_let_back_in() {
        let mut lists = Blacklists::default();
        lists.block("wx1", &["a".into(), "b".into()]);
        lists.block("wx1", &["c".into(), "a".into()]);
        assert_eq!(lists.list("wx1"), ["a", "b", "c"]);
        lists.unblock("wx1", &["a".into(), "x".into()]);
        assert_eq!(lists.list("wx1"), ["b", "c"]);
        assert!(lists.list("wx2").is_empty());
    }
}
