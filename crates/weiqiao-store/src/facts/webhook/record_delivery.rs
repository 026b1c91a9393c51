//! How an endpoint is doing.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// Not written down again within a minute of the last success.
const TAKEN: &str = "UPDATE webhook_endpoint SET failing_since = NULL, last_success_at = $2 WHERE id = $1 \
    AND (failing_since IS NOT NULL OR last_success_at IS NULL OR last_success_at + 60000 <= $2)";

const FAILED: &str = "UPDATE webhook_endpoint SET failing_since = COALESCE(failing_since, $2), last_failure_at = $2, \
    last_error = $3 WHERE id = $1";

const UNUSABLE: &str = "UPDATE webhook_endpoint SET last_failure_at = $2, last_error = $3 WHERE id = $1";

const GIVE_UP: &str = "UPDATE webhook_endpoint SET enabled = 0, disabled_reason = $2, version = version + 1, \
    updated_at = $3 WHERE id = $1 AND enabled = 1 AND (CAST($4 AS BIGINT) IS NULL OR failing_since <= $4)";

/// Writes down how a delivery went, and switches the endpoint off when it is of no use.
#[derive(Debug, Clone)]
pub struct RecordDelivery {
    /// Which endpoint.
    pub id: String,
    /// How it went.
    pub delivered: Delivered,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// How a delivery went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// It was taken.
    Taken,
    /// It was taken, and what was answered is of no use.
    Unusable {
        /// Why, for people. Nothing personal.
        error: String,
    },
    /// It was not.
    Failed {
        /// Why, for people. Nothing personal.
        error: String,
        /// Switch the endpoint off if nothing was taken since then, epoch milliseconds.
        failing_by: i64,
        /// What people read then.
        reason: String,
    },
    /// The endpoint says that it is gone for good: it is switched off at once.
    Gone {
        /// Why, for people.
        error: String,
        /// What people read.
        reason: String,
    },
}

impl Command for RecordDelivery {
    const NAME: &'static str = "webhook.record_delivery";
    /// Whether the endpoint was switched off by this.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let (error, reason, by) = match &self.delivered {
            Delivered::Taken => {
                tx.execute(TAKEN, params![&self.id, self.now]).await?;
                return Ok(false);
            }
            Delivered::Unusable { error } => {
                tx.execute(UNUSABLE, params![&self.id, self.now, error]).await?;
                return Ok(false);
            }
            Delivered::Failed { error, failing_by, reason } => (error, reason, Some(*failing_by)),
            Delivered::Gone { error, reason } => (error, reason, None),
        };
        let failed = params![&self.id, self.now, error];
        let give_up = params![&self.id, reason, self.now, by];
        let counts = tx.batch(vec![(FAILED, failed), (GIVE_UP, give_up)]).await?;
        Ok(counts.last() == Some(&1))
    }
}
