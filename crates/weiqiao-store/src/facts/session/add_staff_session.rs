//! A member of staff logged in.

use weiqiao_model::{SessionId, StaffId};

use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// A member of staff who was disabled a moment ago gets no session.
const ADD: &str = "INSERT INTO session (id, kind, subject, device_hash, created_at, seen_at, expires_at, idle_ms, \
    cookie_hash) SELECT $1, 'staff', id, $3, $4, $4, $5, CAST($6 AS BIGINT), CAST($7 AS TEXT) FROM staff \
    WHERE id = $2 AND disabled_at IS NULL";

const END: &str = "UPDATE session SET revoked_at = $2 WHERE cookie_hash = $1 AND kind = 'staff' AND revoked_at IS NULL";

/// Begins a session of a member of staff. Sessions of people who came through WeChat begin with
/// [`RecordLogin`](crate::facts::login::RecordLogin).
#[derive(Debug, Clone)]
pub struct AddStaffSession {
    /// Its id.
    pub id: SessionId,
    /// Who logged in.
    pub staff_id: StaffId,
    /// A hash of what the device says about itself, for the list of sessions.
    pub device_hash: Option<String>,
    /// When it ends by itself, epoch milliseconds.
    pub expires_at: i64,
    /// After how long without use it ends, milliseconds; `None`: only when it expires.
    pub idle_ms: Option<i64>,
    /// The hash of the cookie it is known by, for browsers.
    pub cookie_hash: Option<String>,
    /// The hash of the cookie the browser showed: that session ends, so that nobody goes on with what they were given.
    pub replaces: Option<String>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for AddStaffSession {
    const NAME: &'static str = "session.add_staff";
    /// Whether the session began: not for staff that is unknown or disabled.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let params = params![
            &self.id,
            &self.staff_id,
            &self.device_hash,
            self.now,
            self.expires_at,
            self.idle_ms,
            &self.cookie_hash,
        ];
        let begun = tx.execute(ADD, params).await? == 1;
        if let Some(replaced) = self.replaces.as_ref().filter(|_| begun) {
            tx.execute(END, params![replaced, self.now]).await?;
        }
        Ok(begun)
    }
}
