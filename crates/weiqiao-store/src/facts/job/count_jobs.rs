//! How much is there to do, and since when is it due?

use std::collections::HashMap;

use weiqiao_model::JobStatus;

use crate::{Query, Read, Shape, StoreError};

const COUNT: &str = "SELECT kind, status, count(*) FROM job \
    WHERE status IN ('queued', 'sending', 'retrying', 'uncertain') GROUP BY kind, status";

/// What waits is due from its next try on; what is under way no longer says when it was due, only since when it is.
const DUE: &str = "SELECT kind, min(since) FROM (SELECT kind, min(next_at) AS since FROM job WHERE next_at IS NOT NULL \
    GROUP BY kind UNION ALL SELECT kind, min(updated_at) FROM job WHERE lease_owner IS NOT NULL GROUP BY kind) due \
    GROUP BY kind";

/// Counts the jobs that are not over, for the metrics.
#[derive(Debug, Clone, Copy)]
pub struct CountJobs;

/// What is not over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenJobs {
    /// How many there are.
    pub counts: Vec<JobCount>,
    /// By kind, since when the job is due that has been due the longest, epoch milliseconds; ahead while each waits for a
    /// later try. Of one under way it is when its try began. Kinds whose jobs wait for a person have none.
    pub due_since: HashMap<String, i64>,
}

/// How many there are of one kind and status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobCount {
    /// Which kind of work.
    pub kind: String,
    /// How far they have come.
    pub status: JobStatus,
    /// How many.
    pub count: i64,
}

impl Query for CountJobs {
    const NAME: &'static str = "job.count";
    const SHAPE: Shape = Shape::Scan;
    type Output = OpenJobs;

    async fn run<R: Read>(&self, db: &mut R) -> Result<OpenJobs, StoreError> {
        let mut open = OpenJobs::default();
        for mut row in db.query(COUNT, Vec::new()).await? {
            open.counts.push(JobCount { kind: row.text()?, status: row.word()?, count: row.integer()? });
        }
        for mut row in db.query(DUE, Vec::new()).await? {
            open.due_since.insert(row.text()?, row.integer()?);
        }
        Ok(open)
    }
}
