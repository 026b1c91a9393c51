//! Which lanes have to wait, and why?

use crate::{Query, Read, Shape, StoreError};

const LIST: &str = "SELECT account, kind, reason, errcode, until_at, failures, since FROM job_hold \
    ORDER BY account, kind LIMIT 1000";

/// Lists the lanes that have to wait.
#[derive(Debug, Clone, Copy)]
pub struct ListHolds;

/// A lane that has to wait. When its time is over one job tries; when that goes well, the lane is free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobHold {
    /// Whose jobs.
    pub account: String,
    /// Which kind of work.
    pub kind: String,
    /// Why, in a word.
    pub reason: String,
    /// The other side's number.
    pub errcode: Option<i64>,
    /// Until when, epoch milliseconds.
    pub until: i64,
    /// How often in a row it came to this.
    pub failures: i64,
    /// Since when, epoch milliseconds.
    pub since: i64,
}

impl Query for ListHolds {
    const NAME: &'static str = "job.list_holds";
    const SHAPE: Shape = Shape::Scan;
    type Output = Vec<JobHold>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Vec<JobHold>, StoreError> {
        let mut holds = Vec::new();
        for mut row in db.query(LIST, Vec::new()).await? {
            holds.push(JobHold {
                account: row.text()?,
                kind: row.text()?,
                reason: row.text()?,
                errcode: row.opt_integer()?,
                until: row.integer()?,
                failures: row.integer()?,
                since: row.integer()?,
            });
        }
        Ok(holds)
    }
}
