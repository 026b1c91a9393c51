//! A push came and was decided at once: the row, the answer, what follows and what changes, in one commit.

use weiqiao_model::crash_point;

use super::effect::apply;
use super::{Decision, Effect, NewPush, Outcome, Receipt};
use crate::facts::job::insert_jobs;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// Asks for nothing back: on SQLite that costs as much as an index.
const INSERT: &str = "INSERT INTO inbox (id, app_id, account, dedup_key, state, body, reply, kind, msg_type, event, who, \
    form, sent_at, received_at, decided_at, decided_by, response_ms, copies, fence, lease_until) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1, 1, $18) \
    ON CONFLICT (app_id, dedup_key) DO NOTHING";

/// The row of the first delivery stays; the others are counted.
const COUNT: &str = "UPDATE inbox SET copies = copies + 1 WHERE app_id = $1 AND dedup_key = $2 \
    RETURNING id, state, reply, lease_until";

/// Accepts a push that is decided.
///
/// Of any number of copies, in parallel and over all instances, one is new; the others get its answer and change nothing.
#[derive(Debug, Clone)]
pub struct AcceptCallback {
    /// What came.
    pub push: NewPush,
    /// What was decided.
    pub outcome: Outcome,
    /// What changes with it.
    pub effects: Vec<Effect>,
}

impl Command for AcceptCallback {
    const NAME: &'static str = "inbox.accept";
    type Output = Receipt;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Receipt, StoreError> {
        let receipt = insert(tx, &self.push, Some(&self.outcome), 0).await?;
        crash_point!("inbox.row.after");
        if receipt == Receipt::New {
            apply(tx, &self.push, &self.effects).await?;
            insert_jobs(tx, &self.outcome.jobs).await?;
            crash_point!("inbox.effects.after");
        }
        Ok(receipt)
    }
}

/// Writes the row, or finds the one that is there.
pub(super) async fn insert<T: Transaction>(
    tx: &mut T,
    push: &NewPush,
    outcome: Option<&Outcome>,
    lease_until: i64,
) -> Result<Receipt, StoreError> {
    let row = || {
        params![
            &push.id,
            &push.app_id,
            &push.account,
            &push.dedup_key,
            if outcome.is_some() { "done" } else { "deciding" },
            &push.body,
            outcome.and_then(|outcome| outcome.reply.clone()),
            push.kind,
            &push.msg_type,
            &push.event,
            &push.who,
            &push.form,
            push.sent_at,
            push.received_at,
            outcome.map(|outcome| outcome.decided_at),
            outcome.map(|outcome| outcome.decided_by.as_str()),
            outcome.map(|outcome| outcome.response_ms),
            lease_until,
        ]
    };
    loop {
        if tx.execute(INSERT, row()).await? == 1 {
            return Ok(Receipt::New);
        }
        // None: swept between the two statements, which only Postgres can do, and only to a row of long ago.
        if let Some(mut row) = tx.query_opt(COUNT, params![&push.app_id, &push.dedup_key]).await? {
            return Ok(Receipt::Again { id: row.text()?, decision: Decision::read(&mut row)? });
        }
    }
}
