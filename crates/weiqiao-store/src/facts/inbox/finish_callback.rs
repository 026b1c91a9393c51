//! The decision about a push that took time: its end, its lease, and what happens when whoever was deciding is gone.

use super::Outcome;
use crate::facts::job::{NewJob, insert_jobs};
use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// Given, when somebody waits; late, when WeChat has its `success`; held for a copy otherwise. Whether there is something to
/// hold is $4, and the end of the patience $11 at the earliest.
const FINISH: &str = "UPDATE inbox SET \
    state = CASE WHEN response_ms IS NULL AND CAST($4 AS BIGINT) = 1 THEN 'deciding' ELSE 'done' END, \
    reply = CASE WHEN response_ms IS NULL THEN $3 ELSE reply END, \
    decided_by = CASE WHEN response_ms IS NULL THEN $5 ELSE $6 END, decided_at = $7, response_ms = $8, \
    lease_until = CASE WHEN copies >= $9 OR received_at + $10 < $11 THEN $11 ELSE received_at + $10 END \
    WHERE id = $1 AND state = 'deciding' AND fence = $2 AND reply IS NULL RETURNING state, reply, lease_until";

const RENEW: &str = "UPDATE inbox SET lease_until = $3 \
    WHERE id = $1 AND state = 'deciding' AND fence = $2 AND reply IS NULL";

const TAKE_OVER: &str = "UPDATE inbox SET fence = fence + 1, lease_until = $3, \
    response_ms = CASE WHEN CAST($4 AS BIGINT) = 1 THEN NULL ELSE response_ms END \
    WHERE id = $1 AND state = 'deciding' AND lease_until <= $2 AND reply IS NULL RETURNING fence";

/// Writes the decision down, with what follows from it.
#[derive(Debug, Clone)]
pub struct FinishCallback {
    /// Which push.
    pub id: String,
    /// The number it was decided under.
    pub fence: i64,
    /// What was decided; its jobs follow whatever becomes of the answer.
    pub outcome: Outcome,
    /// Whether a delivery of this process waits for it.
    pub waiting: bool,
    /// What is done instead when WeChat has been told `success` already.
    pub late: Late,
    /// How long a copy is waited for when nobody waits, and nobody was told anything.
    pub patience: Patience,
}

/// What a late answer becomes.
#[derive(Debug, Clone, Default)]
pub struct Late {
    /// Who decided, and that it was late.
    pub decided_by: String,
    /// What sends it.
    pub jobs: Vec<NewJob>,
}

/// How long copies may come.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// So many deliveries are all there are.
    pub deliveries: i64,
    /// They are over so long after the first came, in milliseconds.
    pub within_ms: i64,
    /// So long a copy that came may take to find the answer, in milliseconds.
    pub pause_ms: i64,
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// It is the answer to the delivery that waits and to all copies.
    Given,
    /// It is sent late.
    Late,
    /// It is held for a copy.
    Held {
        /// Until when, epoch milliseconds.
        until: i64,
    },
}

impl Command for FinishCallback {
    const NAME: &'static str = "inbox.finish";
    /// `None`: it does not count, somebody else has taken over or finished.
    type Output = Option<Finished>;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Option<Finished>, StoreError> {
        let Outcome { reply, decided_by, decided_at, response_ms, jobs } = &self.outcome;
        let Patience { deliveries, within_ms, pause_ms } = self.patience;
        let holds = i64::from(reply.is_some() && !self.waiting);
        let row = params![
            &self.id,
            self.fence,
            reply.clone(),
            holds,
            decided_by,
            &self.late.decided_by,
            *decided_at,
            *response_ms,
            deliveries,
            within_ms,
            decided_at.saturating_add(pause_ms),
        ];
        let Some(mut row) = tx.query_opt(FINISH, row).await? else { return Ok(None) };
        insert_jobs(tx, jobs).await?;
        let (done, kept, until) = (row.text()? == "done", row.opt_bytes()?.is_some(), row.integer()?);
        if !done {
            return Ok(Some(Finished::Held { until }));
        }
        if reply.is_some() && !kept {
            insert_jobs(tx, &self.late.jobs).await?;
            return Ok(Some(Finished::Late));
        }
        Ok(Some(Finished::Given))
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
    /// Whether it is a delivery that goes on: then what earlier ones were told no longer makes the answer late.
    pub waiting: bool,
}

impl Command for TakeOverCallback {
    const NAME: &'static str = "inbox.take_over";
    /// The number to decide under; `None` when it is decided, or somebody is still at it.
    type Output = Option<i64>;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Option<i64>, StoreError> {
        let row =
            tx.query_opt(TAKE_OVER, params![&self.id, self.now, self.lease_until, i64::from(self.waiting)]).await?;
        row.map(|mut row| row.integer()).transpose()
    }
}
