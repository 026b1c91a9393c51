//! A person says that what stood in the way of fetching is gone.

use crate::value::params;
use crate::{StoreError, Transaction};

const FREE: &str = "UPDATE account_token SET retry_at = 0 WHERE app_id = $1 AND retry_at > 0";

/// Lets the next call fetch a token of this account at once. What failed before stays counted: when it fails again, the rest is
/// as long as before.
pub(in crate::facts) async fn free_token_rests<T: Transaction>(tx: &mut T, app_id: &str) -> Result<(), StoreError> {
    tx.execute(FREE, params![app_id]).await?;
    Ok(())
}
