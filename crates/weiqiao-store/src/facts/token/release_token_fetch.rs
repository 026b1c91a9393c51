//! The fetch was given up before it began: the right is free again.

use weiqiao_model::AppId;

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const RELEASE: &str = "UPDATE account_token SET lease_owner = NULL, lease_until = 0 \
    WHERE app_id = $1 AND kind = $2 AND fence = $3";

/// Ends a lease without a result, and without counting a failure.
#[derive(Debug, Clone)]
pub struct ReleaseTokenFetch {
    /// Whose token.
    pub app_id: AppId,
    /// Which sort.
    pub kind: String,
    /// The fence the claim granted.
    pub fence: i64,
}

impl Command for ReleaseTokenFetch {
    const NAME: &'static str = "token.release_fetch";
    /// Whether it was still the newest lease.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(RELEASE, params![self.app_id.as_str(), &self.kind, self.fence]).await? == 1)
    }
}
