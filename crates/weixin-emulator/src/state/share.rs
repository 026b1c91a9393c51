//! What pages told the emulated JS-SDK: configurations and share cards.

use serde::{Deserialize, Serialize};

/// One share card a page has set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShareCard {
    pub(crate) id: u64,
    pub(crate) at_ms: i64,
    /// The account's handle.
    pub(crate) account: String,
    /// `updateAppMessageShareData` or `updateTimelineShareData`.
    pub(crate) api: String,
    /// The page that set it.
    pub(crate) page: String,
    pub(crate) title: String,
    pub(crate) desc: String,
    pub(crate) link: String,
    pub(crate) img_url: String,
}

/// Cards remembered.
const KEPT: usize = 200;

/// All cards, oldest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Shares {
    next: u64,
    cards: Vec<ShareCard>,
}

impl Shares {
    /// Remembers a card; its id is given here.
    pub(crate) fn add(&mut self, mut card: ShareCard) -> ShareCard {
        self.next += 1;
        card.id = self.next;
        self.cards.push(card.clone());
        if self.cards.len() > KEPT {
            self.cards.remove(0);
        }
        card
    }

    /// All cards, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &ShareCard> {
        self.cards.iter()
    }
}
