//! How much is there to do, and since when?

use weiqiao_model::JobStatus;

use crate::{Query, Read, Shape, StoreError};

const COUNT: &str = "SELECT kind, status, count(*), min(created_at) FROM job \
    WHERE status IN ('queued', 'sending', 'retrying', 'uncertain') GROUP BY kind, status";

/// Counts the jobs that are not over, for the metrics.
#[derive(Debug, Clone, Copy)]
pub struct CountJobs;

/// How many there are of one kind and status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobCount {
    /// Which kind of work.
    pub kind: String,
    /// How far they have come.
    pub status: JobStatus,
    /// How many.
    pub count: i64,
    /// When the oldest of them was made, epoch milliseconds.
    pub oldest: i64,
}

impl Query for CountJobs {
    const NAME: &'static str = "job.count";
    const SHAPE: Shape = Shape::Scan;
    type Output = Vec<JobCount>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Vec<JobCount>, StoreError> {
        let mut counts = Vec::new();
        for mut row in db.query(COUNT, Vec::new()).await? {
            counts.push(JobCount {
                kind: row.text()?,
                status: row.word()?,
                count: row.integer()?,
                oldest: row.integer()?,
            });
        }
        Ok(counts)
    }
}
