//! Pushes whose decision stopped half-way, or whose answer was held long enough.

use crate::value::params;
use crate::{Query, Read, StoreError};

const LIST: &str = "SELECT id FROM inbox WHERE state = 'deciding' AND lease_until <= $1 ORDER BY lease_until LIMIT $2";

/// Lists pushes nobody is deciding about any more, and those whose held answer no copy came for, the longest waiting first: their ids.
#[derive(Debug, Clone)]
pub struct ListUndecided {
    /// Now, epoch milliseconds.
    pub now: i64,
    /// At most so many.
    pub limit: u32,
}

impl Query for ListUndecided {
    const NAME: &'static str = "inbox.undecided";
    type Output = Vec<String>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let rows = db.query(LIST, params![self.now, i64::from(self.limit)]).await?;
        rows.into_iter().map(|mut row| row.text()).collect()
    }
}
