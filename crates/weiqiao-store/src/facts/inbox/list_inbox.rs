//! What came, page by page.

use super::{ListedPush, columns};
use crate::facts::ids_since;
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

macro_rules! matching {
    () => {
        " FROM inbox WHERE (CAST($1 AS TEXT) IS NULL OR account = $1) \
         AND (CAST($2 AS TEXT) IS NULL OR msg_type = $2 OR event = $2) \
         AND (CAST($3 AS TEXT) IS NULL OR state = $3) AND (CAST($4 AS TEXT) IS NULL OR who = $4) \
         AND (CAST($5 AS TEXT) IS NULL OR decided_by = $5) \
         AND received_at >= $6 AND received_at < $7 AND id >= $8"
    };
}

const COUNT: &str = concat!("SELECT count(*)", matching!());

const NEWEST: &str = concat!("SELECT ", columns!(), matching!(), " ORDER BY id DESC LIMIT $9 OFFSET $10");
const OLDEST: &str = concat!("SELECT ", columns!(), matching!(), " ORDER BY id LIMIT $9 OFFSET $10");

/// Lists pushes.
#[derive(Debug, Clone, Default)]
pub struct ListInbox {
    /// Only this account, by its name.
    pub account: Option<String>,
    /// Only this type of message, or this event.
    pub word: Option<String>,
    /// Only decided ones, or only those that are not.
    pub done: Option<bool>,
    /// Only from this person, by blind index.
    pub who: Option<String>,
    /// Only what was decided by this.
    pub decided_by: Option<String>,
    /// Only from this time on, epoch milliseconds.
    pub since: Option<i64>,
    /// Only before this time, epoch milliseconds.
    pub until: Option<i64>,
    /// The oldest first; otherwise the newest.
    pub oldest_first: bool,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxPage {
    /// The pushes on this page.
    pub items: Vec<ListedPush>,
    /// How many there are on all pages.
    pub total: u64,
}

impl Query for ListInbox {
    const NAME: &'static str = "inbox.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = InboxPage;

    async fn run<R: Read>(&self, db: &mut R) -> Result<InboxPage, StoreError> {
        let state = self.done.map(|done| if done { "done" } else { "deciding" });
        let (since, until) = (self.since.unwrap_or(i64::MIN), self.until.unwrap_or(i64::MAX));
        let filter =
            params![&self.account, &self.word, state, &self.who, &self.decided_by, since, until, ids_since(self.since)];
        let total = db.query_one(COUNT, filter.clone()).await?.integer()?;
        let size = i64::from(self.page_size.clamp(1, 200));
        let skip = i64::from(self.page.max(1) - 1) * size;
        let sql = if self.oldest_first { OLDEST } else { NEWEST };
        let rows = db.query(sql, [filter, params![size, skip]].concat()).await?;
        let items = rows.into_iter().map(|mut row| ListedPush::read(&mut row)).collect::<Result<_, _>>()?;
        Ok(InboxPage { items, total: u64::try_from(total).unwrap_or(0) })
    }
}
