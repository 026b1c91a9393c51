//! Whose password may be set with this one-time token?

use super::{StoredStaff, columns};
use crate::value::params;
use crate::{Query, Read, StoreError};

const FIND: &str =
    concat!("SELECT ", columns!(), " FROM staff WHERE setup_hash = $1 AND setup_until > $2 AND disabled_at IS NULL");

/// Finds whom a one-time token is for, and leaves the token good.
#[derive(Debug, Clone)]
pub struct FindSetup {
    /// The hash of the token.
    pub hash: String,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Query for FindSetup {
    const NAME: &'static str = "staff.find_setup";
    type Output = Option<StoredStaff>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        db.query_opt(FIND, params![&self.hash, self.now]).await?.map(StoredStaff::read).transpose()
    }
}
