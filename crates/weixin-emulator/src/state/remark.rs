//! What an official account calls its followers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// All remarks: appid → persona → text.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Remarks {
    of: BTreeMap<String, BTreeMap<String, String>>,
}

impl Remarks {
    /// Notes a remark; an empty one takes it away.
    pub(crate) fn set(&mut self, app_id: &str, persona: &str, remark: &str) {
        let remarks = self.of.entry(app_id.to_owned()).or_default();
        if remark.is_empty() {
            remarks.remove(persona);
        } else {
            remarks.insert(persona.to_owned(), remark.to_owned());
        }
    }

    /// The remark, empty when there is none.
    pub(crate) fn of(&self, app_id: &str, persona: &str) -> &str {
        self.of.get(app_id).and_then(|of| of.get(persona)).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_one_accounts_own_and_can_be_taken_away() {
        let mut remarks = Remarks::default();
        remarks.set("wx1", "p", "胖子");
        assert_eq!((remarks.of("wx1", "p"), remarks.of("wx2", "p")), ("胖子", ""));
        remarks.set("wx1", "p", "");
        assert_eq!(remarks.of("wx1", "p"), "");
    }
}
