//! A password changes, and whoever used the old one is out.

use weiqiao_model::{SessionId, StaffId};

use super::PasswordHash;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SET: &str = "UPDATE staff SET password_hash = $2, setup_hash = NULL, setup_until = NULL, updated_at = $3 \
    WHERE id = $1";

const REVOKE: &str = "UPDATE session SET revoked_at = $2 WHERE kind = 'staff' AND subject = $1 AND revoked_at IS NULL \
    AND (CAST($3 AS TEXT) IS NULL OR id <> $3)";

/// Sets the password of a member of staff and ends their sessions in the same commit. A one-time token of theirs is void.
#[derive(Debug, Clone)]
pub struct SetStaffPassword {
    /// Whose.
    pub id: StaffId,
    /// The new one.
    pub password_hash: PasswordHash,
    /// The session that goes on: the one the password is changed in.
    pub keep_session: Option<SessionId>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for SetStaffPassword {
    const NAME: &'static str = "staff.set_password";
    /// Whether there is such a member of staff.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let statements = vec![
            (SET, params![&self.id, self.password_hash.expose(), self.now]),
            (REVOKE, params![&self.id, self.now, &self.keep_session]),
        ];
        Ok(tx.batch(statements).await?.first() == Some(&1))
    }
}
