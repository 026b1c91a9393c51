//! The decision about a push that took time: its end, its lease, and what happens when whoever was deciding is gone.

use super::Outcome;
use crate::facts::job::insert_jobs;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const FINISH: &str = "UPDATE inbox SET state = 'done', reply = $3, decided_by = $4, decided_at = $5, response_ms = $6 \
    WHERE id = $1 AND state = 'deciding' AND fence = $2";

const RENEW: &str = "UPDATE inbox SET lease_until = $3 WHERE id = $1 AND state = 'deciding' AND fence = $2";

const TAKE_OVER: &str = "UPDATE inbox SET fence = fence + 1, lease_until = $3 \
    WHERE id = $1 AND state = 'deciding' AND lease_until <= $2 RETURNING fence";

/// Writes the decision down, with what follows from it.
#[derive(Debug, Clone)]
pub struct FinishCallback {
    /// Which push.
    pub id: String,
    /// The number it was decided under.
    pub fence: i64,
    /// What was decided.
    pub outcome: Outcome,
}

impl Command for FinishCallback {
    const NAME: &'static str = "inbox.finish";
    /// Whether it counts: nobody else has taken over or finished.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let Outcome { reply, decided_by, decided_at, response_ms, jobs } = &self.outcome;
        let row = params![&self.id, self.fence, reply.clone(), decided_by, *decided_at, *response_ms];
        let counts = tx.execute(FINISH, row).await? == 1;
        if counts {
            insert_jobs(tx, jobs).await?;
        }
        Ok(counts)
    }
}

/// Goes on deciding.
#[derive(Debug, Clone)]
pub struct RenewCallback {
    /// Which push.
    pub id: String,
    /// The number it is decided under.
    pub fence: i64,
    /// Until when nobody else goes on, epoch milliseconds.
    pub lease_until: i64,
}

impl Command for RenewCallback {
    const NAME: &'static str = "inbox.renew";
    /// Whether it is still ours.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(RENEW, params![&self.id, self.fence, self.lease_until]).await? == 1)
    }
}

/// Goes on where somebody else stopped.
#[derive(Debug, Clone)]
pub struct TakeOverCallback {
    /// Which push.
    pub id: String,
    /// Until when nobody else goes on, epoch milliseconds.
    pub lease_until: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for TakeOverCallback {
    const NAME: &'static str = "inbox.take_over";
    /// The number to decide under; `None` when it is decided, or somebody is still at it.
    type Output = Option<i64>;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Option<i64>, StoreError> {
        let row = tx.query_opt(TAKE_OVER, params![&self.id, self.now, self.lease_until]).await?;
        row.map(|mut row| row.integer()).transpose()
    }
}
