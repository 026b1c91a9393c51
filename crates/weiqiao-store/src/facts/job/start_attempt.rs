//! A try is written down before it is made.

use weiqiao_model::crash_point;

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const COUNT: &str = "UPDATE job SET attempts = attempts + 1, updated_at = $4 \
    WHERE id = $1 AND fence = $2 AND lease_owner = $3 AND lease_until > $4 RETURNING attempts";

const ADD: &str = "INSERT INTO job_attempt (job_id, n, fence, owner, started_at) VALUES ($1, $2, $3, $4, $5)";

/// Asks for the right to try now.
#[derive(Debug, Clone)]
pub struct StartAttempt {
    /// Which job.
    pub id: String,
    /// The fence of the claim.
    pub fence: i64,
    /// Who claimed it.
    pub owner: String,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for StartAttempt {
    const NAME: &'static str = "job.start_attempt";
    /// Which try it is, from 1; nothing when the lease is over or the job somebody else's: then it must not be made.
    type Output = Option<i64>;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Option<i64>, StoreError> {
        let mine = params![&self.id, self.fence, &self.owner, self.now];
        let Some(mut row) = tx.query_opt(COUNT, mine).await? else { return Ok(None) };
        let n = row.integer()?;
        crash_point!("job.attempt.counted");
        tx.execute(ADD, params![&self.id, n, self.fence, &self.owner, self.now]).await?;
        crash_point!("job.attempt.row");
        Ok(Some(n))
    }
}
