//! The fetch failed: the next one waits.

use weiqiao_model::AppId;

use super::cool_down_ms;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const FAIL: &str = "UPDATE account_token SET failures = failures + 1, lease_owner = NULL, lease_until = 0 \
    WHERE app_id = $1 AND kind = $2 AND fence = $3 RETURNING failures";

pub(super) const COOL_DOWN: &str = "UPDATE account_token SET retry_at = CASE WHEN retry_at > $3 THEN retry_at ELSE $3 END \
    WHERE app_id = $1 AND kind = $2 RETURNING retry_at";

/// Ends a lease with a failure: WeChat refused the secret, or could not be reached.
#[derive(Debug, Clone)]
pub struct FailTokenFetch {
    /// Whose token.
    pub app_id: AppId,
    /// Which sort.
    pub kind: String,
    /// The fence the claim granted.
    pub fence: i64,
    /// How long the next fetch waits after the first, second … failure in a row, milliseconds. The last entry goes on.
    pub cool_downs_ms: Vec<i64>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What a failure led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedFetch {
    /// How many fetches failed in a row.
    pub failures: i64,
    /// When the next may happen, epoch milliseconds.
    pub retry_at: i64,
}

impl Command for FailTokenFetch {
    const NAME: &'static str = "token.fail_fetch";
    /// `None` when somebody else took over after this lease ended: their fetch counts, not this one.
    type Output = Option<FailedFetch>;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Self::Output, StoreError> {
        let Some(mut row) = tx.query_opt(FAIL, params![self.app_id.as_str(), &self.kind, self.fence]).await? else {
            return Ok(None);
        };
        let failures = row.integer()?;
        let until = self.now.saturating_add(cool_down_ms(&self.cool_downs_ms, failures));
        let retry_at = tx.query_one(COOL_DOWN, params![self.app_id.as_str(), &self.kind, until]).await?.integer()?;
        Ok(Some(FailedFetch { failures, retry_at }))
    }
}
