//! Open QR login pages (`/connect/qrconnect`): a page waits until a phone scans, allows or refuses.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::random::Random;

/// How far a QR login has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub(crate) enum Step {
    /// Nobody has scanned.
    Waiting,
    /// Scanned, not yet decided.
    Scanned {
        /// Who scanned.
        persona: String,
    },
    /// Allowed.
    Confirmed {
        /// The code for the page.
        code: String,
        /// Where the page goes.
        target: String,
    },
    /// Refused.
    Cancelled,
}

/// One open page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LoginPage {
    /// The query of the page, as it was opened.
    pub(crate) query: String,
    pub(crate) expires_ms: i64,
    pub(crate) step: Step,
}

/// Pages remembered.
const KEPT: usize = 512;

/// All open pages, by uuid.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct LoginPages {
    pages: BTreeMap<String, LoginPage>,
}

impl LoginPages {
    /// Opens a page and gives its uuid, 16 characters as in the real QR codes.
    pub(crate) fn open(&mut self, query: &str, life_s: i64, random: &mut Random, now_ms: i64) -> String {
        let uuid = random.alnum(16);
        let page = LoginPage { query: query.to_owned(), expires_ms: now_ms + life_s * 1000, step: Step::Waiting };
        self.pages.insert(uuid.clone(), page);
        while self.pages.len() > KEPT {
            let oldest = self.pages.iter().min_by_key(|(_, page)| page.expires_ms).map(|(uuid, _)| uuid.clone());
            let Some(oldest) = oldest else { break };
            self.pages.remove(&oldest);
        }
        uuid
    }

    /// The page, unless it is unknown or expired without a decision.
    pub(crate) fn find(&self, uuid: &str, now_ms: i64) -> Option<&LoginPage> {
        self.pages.get(uuid).filter(|page| page.expires_ms > now_ms)
    }

    /// Moves a page on. `false` when it is unknown, expired or already decided.
    pub(crate) fn step(&mut self, uuid: &str, step: Step, now_ms: i64) -> bool {
        let open = self
            .pages
            .get_mut(uuid)
            .filter(|page| page.expires_ms > now_ms && matches!(page.step, Step::Waiting | Step::Scanned { .. }));
        open.map(|page| page.step = step).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_decided_once_and_in_time() {
        let (mut pages, mut random) = (LoginPages::default(), Random::new(1));
        let uuid = pages.open("appid=wx3", 300, &mut random, 0);
        assert!(pages.step(&uuid, Step::Scanned { persona: "p".into() }, 1));
        assert!(pages.step(&uuid, Step::Confirmed { code: "c".into(), target: "t".into() }, 2));
        assert!(!pages.step(&uuid, Step::Cancelled, 3), "decided");
        assert_eq!(pages.find(&uuid, 4).unwrap().step, Step::Confirmed { code: "c".into(), target: "t".into() });
        assert!(pages.find(&uuid, 300_000).is_none(), "expired");
        let late = pages.open("", 1, &mut random, 0);
        assert!(!pages.step(&late, Step::Cancelled, 1000));
    }
}
