//! Where is there something to do?

use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

/// Jumps from account to account by the index, however many jobs each one has.
const LANES: &str = "SELECT lane.account, (SELECT min(next_at) FROM job WHERE kind = $1 AND account = lane.account \
    AND next_at IS NOT NULL), job_hold.until_at FROM (WITH RECURSIVE step(account) AS (SELECT min(account) FROM job \
    WHERE kind = $1 AND next_at IS NOT NULL UNION ALL SELECT (SELECT min(job.account) FROM job WHERE job.kind = $1 \
    AND job.account > step.account AND job.next_at IS NOT NULL) FROM step WHERE step.account IS NOT NULL) \
    SELECT account FROM step WHERE account IS NOT NULL) lane LEFT JOIN job_hold ON job_hold.account = lane.account \
    AND job_hold.kind = $1";

/// Lists the lanes with waiting jobs.
#[derive(Debug, Clone)]
pub struct DueLanes {
    /// The kinds of work the caller can do.
    pub kinds: Vec<String>,
}

/// A lane with waiting jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLane {
    /// Which kind of work.
    pub kind: String,
    /// Whose.
    pub account: String,
    /// When the first of them may be taken up, epoch milliseconds.
    pub next_at: i64,
    /// Whether the lane is held; then `next_at` is when the hold ends, if that is later.
    pub held: bool,
}

impl Query for DueLanes {
    const NAME: &'static str = "job.due_lanes";
    const SHAPE: Shape = Shape::Scan;
    type Output = Vec<DueLane>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Vec<DueLane>, StoreError> {
        let mut lanes = Vec::new();
        for kind in &self.kinds {
            for mut row in db.query(LANES, params![kind]).await? {
                let (account, next_at, until) = (row.text()?, row.opt_integer()?, row.opt_integer()?);
                // The last of its jobs may have been taken up in between.
                let Some(next_at) = next_at else { continue };
                let held = until.is_some();
                lanes.push(DueLane { kind: kind.clone(), account, next_at: next_at.max(until.unwrap_or(0)), held });
            }
        }
        Ok(lanes)
    }
}
