//! How did it go with one job?

use weiqiao_model::Verdict;

use super::{StoredJob, columns};
use crate::value::params;
use crate::{Query, Read, Row, Shape, StoreError};

const FIND: &str = concat!("SELECT ", columns!(), ", payload FROM job WHERE id = $1");

const ATTEMPTS: &str = "SELECT n, owner, started_at, finished_at, http_status, errcode, errmsg, answer, verdict \
    FROM job_attempt WHERE job_id = $1 ORDER BY n DESC LIMIT $2";

/// The most tries that are shown; there are more only when something was unreachable for days.
const MOST: i64 = 200;

/// Finds a job with its tries.
#[derive(Debug, Clone)]
pub struct FindJob {
    /// Which one.
    pub id: String,
}

/// A job with what is to be done and its tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobDetail {
    /// The job.
    pub job: StoredJob,
    /// What is to be done, sealed.
    pub payload: Vec<u8>,
    /// Its last 200 tries, the first one first.
    pub attempts: Vec<StoredAttempt>,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAttempt {
    /// Which one, from 1.
    pub n: i64,
    /// Which process made it.
    pub owner: String,
    /// When it began, epoch milliseconds.
    pub started_at: i64,
    /// When it ended, epoch milliseconds; nothing while it is under way.
    pub finished_at: Option<i64>,
    /// The HTTP status.
    pub http_status: Option<i64>,
    /// The other side's number.
    pub errcode: Option<i64>,
    /// The other side's words, or ours.
    pub errmsg: Option<String>,
    /// The beginning of the answer, sealed.
    pub answer: Option<Vec<u8>>,
    /// How it ended; nothing while it is under way.
    pub verdict: Option<Verdict>,
}

impl Query for FindJob {
    const NAME: &'static str = "job.find";
    const SHAPE: Shape = Shape::Scan;
    type Output = Option<JobDetail>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let Some(mut row) = db.query_opt(FIND, params![&self.id]).await? else { return Ok(None) };
        let (job, payload) = (StoredJob::read(&mut row)?, row.bytes()?);
        let mut attempts = Vec::new();
        for mut row in db.query(ATTEMPTS, params![&self.id, MOST]).await? {
            attempts.push(attempt(&mut row)?);
        }
        attempts.reverse();
        Ok(Some(JobDetail { job, payload, attempts }))
    }
}

fn attempt(row: &mut Row) -> Result<StoredAttempt, StoreError> {
    let (n, owner) = (row.integer()?, row.text()?);
    let (started_at, finished_at) = (row.integer()?, row.opt_integer()?);
    let (http_status, errcode) = (row.opt_integer()?, row.opt_integer()?);
    let (errmsg, answer) = (row.opt_text()?, row.opt_bytes()?);
    let verdict = row.opt_text()?.map(|word| word.parse()).transpose();
    let verdict = verdict.map_err(|_| StoreError::corrupt("a stored word has no meaning as a verdict"))?;
    Ok(StoredAttempt { n, owner, started_at, finished_at, http_status, errcode, errmsg, answer, verdict })
}
