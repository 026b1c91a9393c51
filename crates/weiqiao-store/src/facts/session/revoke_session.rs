//! Sessions end before their time: at logout, when a password changes, when somebody is shut out.

use weiqiao_model::{SessionId, SessionKind};

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const REVOKE: &str = "UPDATE session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";

const REVOKE_STAFF: &str = "UPDATE session SET revoked_at = $2 WHERE kind = 'staff' AND subject = $1 AND revoked_at IS NULL \
    AND expires_at > $2 AND (CAST($3 AS TEXT) IS NULL OR id <> $3)";

/// By their identities: every login writes a session, and one index for that is enough.
const REVOKE_USER: &str = "UPDATE session SET revoked_at = $2 WHERE kind = 'user' \
    AND identity_id IN (SELECT id FROM identity WHERE user_id = $1) AND revoked_at IS NULL AND expires_at > $2 \
    AND (CAST($3 AS TEXT) IS NULL OR id <> $3)";

/// Ends one session.
#[derive(Debug, Clone)]
pub struct RevokeSession {
    /// Which one.
    pub id: SessionId,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for RevokeSession {
    const NAME: &'static str = "session.revoke";
    /// Whether there was such a session and it had not been revoked.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(REVOKE, params![&self.id, self.now]).await? == 1)
    }
}

/// Ends the sessions of one user or one member of staff.
#[derive(Debug, Clone)]
pub struct RevokeSessionsOf {
    /// Whether `subject` is a user or a member of staff.
    pub kind: SessionKind,
    /// Whose sessions.
    pub subject: String,
    /// The one session that goes on, such as the one a password was changed in.
    pub except: Option<SessionId>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for RevokeSessionsOf {
    const NAME: &'static str = "session.revoke_all";
    /// How many sessions ended.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        let sql = match self.kind {
            SessionKind::User => REVOKE_USER,
            SessionKind::Staff => REVOKE_STAFF,
        };
        tx.execute(sql, params![&self.subject, self.now, &self.except]).await
    }
}
