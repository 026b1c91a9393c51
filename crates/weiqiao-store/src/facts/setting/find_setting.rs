//! What was written down under this name?

use crate::value::params;
use crate::{Query, Read, StoreError};

pub(super) const FIND: &str = "SELECT value FROM setting WHERE name = $1";

/// Finds a setting.
#[derive(Debug, Clone)]
pub struct FindSetting {
    /// Its name, such as `vault.ring`.
    pub name: String,
}

impl Query for FindSetting {
    const NAME: &'static str = "setting.find";
    type Output = Option<Vec<u8>>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        db.query_opt(FIND, params![&self.name]).await?.map(|mut row| row.bytes()).transpose()
    }
}
