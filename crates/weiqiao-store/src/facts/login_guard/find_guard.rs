//! Is the door shut? A look that writes nothing, for whoever knocks again and again.

use crate::value::params;
use crate::{Query, Read, StoreError};

const FIND: &str = "SELECT locked_until FROM login_guard WHERE key = $1 AND locked_until > $2";

/// Until when the door of this user name and address is shut, epoch milliseconds.
#[derive(Debug, Clone)]
pub struct FindGuard {
    /// The keyed hash of user name and address.
    pub address_key: String,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Query for FindGuard {
    const NAME: &'static str = "login_guard.find";
    type Output = Option<i64>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Option<i64>, StoreError> {
        let row = db.query_opt(FIND, params![&self.address_key, self.now]).await?;
        row.map(|mut row| row.integer()).transpose()
    }
}
