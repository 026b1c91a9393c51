//! What happened today, what is still to be done, and the last tries.

use weiqiao_model::JobStatus;

use crate::facts::ids_since;
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

const ACTIONS: &str = "SELECT count(*) FROM customer_action WHERE created_at >= $1 AND id >= $2";

const LEADS: &str = "SELECT count(*) FROM lead WHERE created_at >= $1 AND id >= $2";

/// Those that are not over, however old they are.
const OPEN: &str = "SELECT status, count(*) FROM job WHERE status IN ('queued', 'sending', 'retrying', 'uncertain') \
    AND kind IN ($1, $2) GROUP BY status";

const OVER: &str = "SELECT status, count(*) FROM job WHERE status IN ('sent', 'refused', 'dead', 'expired', 'skipped') \
    AND kind IN ($1, $2) AND created_at >= $3 AND id >= $4 GROUP BY status";

const ATTEMPTS: &str = "SELECT job.id, job.kind, job.account, attempt.n, attempt.started_at, attempt.finished_at, \
    attempt.http_status, attempt.errcode, attempt.verdict FROM (SELECT job_id, n, started_at, finished_at, http_status, \
    errcode, verdict FROM job_attempt ORDER BY started_at DESC, job_id DESC LIMIT $1) AS attempt \
    JOIN job ON job.id = attempt.job_id ORDER BY attempt.started_at DESC, job.id DESC";

/// Reads the overview.
#[derive(Debug, Clone)]
pub struct ReadOverview {
    /// When today began, epoch milliseconds.
    pub since: i64,
    /// Which kinds of jobs notifications are: those that are owed, and those that were asked for.
    pub kinds: [String; 2],
    /// How many tries, at most 50.
    pub attempts: u32,
}

/// A few numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overview {
    /// What customers did today.
    pub actions: i64,
    /// Leads that were made today.
    pub leads: i64,
    /// Notifications by status: those that are not over, and those of today.
    pub notifications: Vec<(JobStatus, i64)>,
    /// The last tries of jobs of any kind, the newest first.
    pub attempts: Vec<LastAttempt>,
}

/// One try of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastAttempt {
    /// Which job.
    pub job_id: String,
    /// Which kind of work.
    pub kind: String,
    /// Whose: an appid, or the id of a webhook endpoint.
    pub account: String,
    /// Which try, from 1.
    pub n: i64,
    /// When it began, epoch milliseconds.
    pub started_at: i64,
    /// When it ended; nothing while it is under way.
    pub finished_at: Option<i64>,
    /// The HTTP status, where there was one.
    pub http_status: Option<i64>,
    /// WeChat's number, where there was one.
    pub errcode: Option<i64>,
    /// What came of it, in a word.
    pub verdict: Option<String>,
}

impl Query for ReadOverview {
    const NAME: &'static str = "overview.read";
    const SHAPE: Shape = Shape::Scan;
    type Output = Overview;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Overview, StoreError> {
        let first = ids_since(Some(self.since));
        let actions = db.query_one(ACTIONS, params![self.since, &first]).await?.integer()?;
        let leads = db.query_one(LEADS, params![self.since, &first]).await?.integer()?;
        let mut notifications = Vec::new();
        let [owed, asked] = &self.kinds;
        let mut counts = db.query(OPEN, params![owed, asked]).await?;
        counts.extend(db.query(OVER, params![owed, asked, self.since, first]).await?);
        for mut row in counts {
            notifications.push((row.word()?, row.integer()?));
        }
        let mut attempts = Vec::new();
        for mut row in db.query(ATTEMPTS, params![i64::from(self.attempts.min(50))]).await? {
            attempts.push(LastAttempt {
                job_id: row.text()?,
                kind: row.text()?,
                account: row.text()?,
                n: row.integer()?,
                started_at: row.integer()?,
                finished_at: row.opt_integer()?,
                http_status: row.opt_integer()?,
                errcode: row.opt_integer()?,
                verdict: row.opt_text()?,
            });
        }
        Ok(Overview { actions, leads, notifications, attempts })
    }
}
