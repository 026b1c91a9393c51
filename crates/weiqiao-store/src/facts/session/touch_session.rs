//! Somebody is still there: idle time starts anew.

use weiqiao_model::SessionId;

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const TOUCH: &str = "UPDATE session SET seen_at = $2 WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2 \
    AND seen_at + $3 <= $2";

/// Notes that a session is in use. Does nothing when that was noted less than `at_most_every_ms` ago, so that it may be
/// called on every request.
#[derive(Debug, Clone)]
pub struct TouchSession {
    /// Which one.
    pub id: SessionId,
    /// How often to write, milliseconds; 60,000 is plenty.
    pub at_most_every_ms: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for TouchSession {
    const NAME: &'static str = "session.touch";
    /// Whether anything was written.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(TOUCH, params![&self.id, self.now, self.at_most_every_ms]).await? == 1)
    }
}
