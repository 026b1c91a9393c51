//! The phone agreed, or refused.

use weiqiao_model::{AppId, SessionId};

use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// Only with a session of the same account that still holds: the computer will log in as that person.
const CONFIRM: &str = "UPDATE login_handover SET status = 'confirmed', phone_session = $2 WHERE hash = $1 AND app_id = $3 \
    AND status IN ('waiting', 'scanned') AND expires_at > $4 AND EXISTS (SELECT 1 FROM session \
    JOIN identity ON identity.id = session.identity_id WHERE session.id = $2 AND session.kind = 'user' \
    AND session.revoked_at IS NULL AND session.expires_at > $4 AND identity.app_id = $3)";

const DECLINE: &str = "UPDATE login_handover SET status = 'declined' WHERE hash = $1 AND app_id = $2 \
    AND status IN ('waiting', 'scanned') AND expires_at > $3";

/// Records the decision. The first one stays.
#[derive(Debug, Clone)]
pub struct DecideHandover {
    /// The hash of the ticket.
    pub hash: String,
    /// The appid it was begun for.
    pub app_id: AppId,
    /// The phone's session when it agrees, nothing when it refuses.
    pub phone_session: Option<SessionId>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for DecideHandover {
    const NAME: &'static str = "handover.decide";
    /// Whether this decision was taken: not when there was one already, nor when it is too late.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let (hash, app_id, now) = (&self.hash, self.app_id.as_str(), self.now);
        let changed = match &self.phone_session {
            Some(session) => tx.execute(CONFIRM, params![hash, session, app_id, now]).await?,
            None => tx.execute(DECLINE, params![hash, app_id, now]).await?,
        };
        Ok(changed == 1)
    }
}
