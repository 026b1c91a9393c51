//! What came lately, in the order in which it came: for those who follow along.

use crate::facts::ids_since;
use crate::value::params;
use crate::{Query, Read, StoreError};

const LIST: &str = "SELECT id, account, msg_type, event, state, received_at FROM inbox WHERE received_at >= $1 \
    AND (CAST($2 AS TEXT) IS NULL OR account = $2) AND id >= $4 ORDER BY id LIMIT $3";

/// Lists pushes since a time, the oldest first.
#[derive(Debug, Clone)]
pub struct ListRecent {
    /// From this time on, epoch milliseconds.
    pub since: i64,
    /// Only this account, by its name.
    pub account: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// A push, as far as it takes to see whether somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentPush {
    /// Our id of it.
    pub id: String,
    /// The account's name.
    pub account: String,
    /// The type of message, `event` for events.
    pub msg_type: String,
    /// The name of the event.
    pub event: Option<String>,
    /// Whether it is decided.
    pub done: bool,
    /// When it came, epoch milliseconds.
    pub received_at: i64,
}

impl Query for ListRecent {
    const NAME: &'static str = "inbox.recent";
    type Output = Vec<RecentPush>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let rows = db
            .query(LIST, params![self.since, &self.account, i64::from(self.limit), ids_since(Some(self.since))])
            .await?;
        let read = |mut row: crate::Row| {
            Ok(RecentPush {
                id: row.text()?,
                account: row.text()?,
                msg_type: row.text()?,
                event: row.opt_text()?,
                done: row.text()? == "done",
                received_at: row.integer()?,
            })
        };
        rows.into_iter().map(read).collect()
    }
}
