//! Which keys were ever handed out?

use super::{StoredApiKey, columns};
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

const LIST: &str = concat!("SELECT ", columns!(), " FROM api_key ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2");

/// Lists API keys, the newest first, ended ones too.
#[derive(Debug, Clone, Copy)]
pub struct ListApiKeys {
    /// How many to skip.
    pub offset: u32,
    /// How many to give, at most 1,000.
    pub limit: u32,
}

impl Query for ListApiKeys {
    const NAME: &'static str = "api_key.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = Vec<StoredApiKey>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let page = params![i64::from(self.limit.min(1_000)), i64::from(self.offset)];
        db.query(LIST, page).await?.into_iter().map(StoredApiKey::read).collect()
    }
}
