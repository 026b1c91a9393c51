//! Which key begins like this?

use super::{StoredApiKey, columns};
use crate::value::params;
use crate::{Query, Read, StoreError};

const FIND: &str = concat!("SELECT ", columns!(), " FROM api_key WHERE prefix = $1");

/// Finds an API key by its public part, also one that has ended: look at [`StoredApiKey::holds_at`].
#[derive(Debug, Clone)]
pub struct FindApiKey {
    /// The public part.
    pub prefix: String,
}

impl Query for FindApiKey {
    const NAME: &'static str = "api_key.find";
    type Output = Option<StoredApiKey>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        db.query_opt(FIND, params![&self.prefix]).await?.map(StoredApiKey::read).transpose()
    }
}
