//! Somebody is to set a new password themselves.

use weiqiao_model::StaffId;

use super::Setup;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const ISSUE: &str =
    "UPDATE staff SET password_hash = '', setup_hash = $2, setup_until = $3, updated_at = $4 WHERE id = $1";

const REVOKE: &str = "UPDATE session SET revoked_at = $2 WHERE kind = 'staff' AND subject = $1 AND revoked_at IS NULL";

/// Takes a password away: whoever holds the one-time token may set another. Sessions end in the same commit, and earlier
/// tokens are void.
#[derive(Debug, Clone)]
pub struct IssueSetup {
    /// Whose.
    pub id: StaffId,
    /// The token.
    pub setup: Setup,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for IssueSetup {
    const NAME: &'static str = "staff.issue_setup";
    /// Whether there is such a member of staff.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let statements = vec![
            (ISSUE, params![&self.id, &self.setup.hash, self.setup.until, self.now]),
            (REVOKE, params![&self.id, self.now]),
        ];
        Ok(tx.batch(statements).await?.first() == Some(&1))
    }
}
