//! Answers that nobody waited for when they were there: a copy claims them, or they are sent late.

use crate::facts::job::{NewJob, insert_jobs};
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const ACKNOWLEDGE: &str = "UPDATE inbox SET response_ms = COALESCE(response_ms, $2) \
    WHERE id = $1 AND state = 'deciding' AND reply IS NULL";

const CLAIM: &str = "UPDATE inbox SET state = 'done' WHERE id = $1 AND state = 'deciding' AND reply IS NOT NULL";

const SEND: &str = "UPDATE inbox SET state = 'done', reply = NULL, decided_by = $3 \
    WHERE id = $1 AND state = 'deciding' AND reply IS NOT NULL AND lease_until <= $2";

/// A delivery is about to be answered `success` before anything is decided: WeChat delivers no more, so what is decided
/// later is late.
#[derive(Debug, Clone)]
pub struct AcknowledgeCallback {
    /// Which push.
    pub id: String,
    /// How long the delivery waited, in milliseconds.
    pub response_ms: i64,
}

impl Command for AcknowledgeCallback {
    const NAME: &'static str = "inbox.acknowledge";
    /// Whether nothing is decided yet; otherwise the answer is there, for this delivery too.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(ACKNOWLEDGE, params![&self.id, self.response_ms]).await? == 1)
    }
}

/// A copy takes the answer that is held: it is given, and not sent late.
#[derive(Debug, Clone)]
pub struct ClaimReply {
    /// Of which push.
    pub id: String,
}

impl Command for ClaimReply {
    const NAME: &'static str = "inbox.claim";
    /// Whether it was still held.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(CLAIM, params![&self.id]).await? == 1)
    }
}

/// No copy came for the answer that is held: it is sent late, and copies get no other.
#[derive(Debug, Clone)]
pub struct SendHeld {
    /// Of which push.
    pub id: String,
    /// Now, epoch milliseconds.
    pub now: i64,
    /// Who decided, and that it was late.
    pub decided_by: String,
    /// What sends it.
    pub jobs: Vec<NewJob>,
}

impl Command for SendHeld {
    const NAME: &'static str = "inbox.send_held";
    /// Whether it was still held, and for long enough.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let sends = tx.execute(SEND, params![&self.id, self.now, &self.decided_by]).await? == 1;
        if sends {
            insert_jobs(tx, &self.jobs).await?;
        }
        Ok(sends)
    }
}
