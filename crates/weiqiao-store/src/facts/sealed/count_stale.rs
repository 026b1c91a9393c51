//! How many values of a column are under another key?

use super::SealedColumn;
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

/// Counts the values that were sealed with another key than this one.
#[derive(Debug, Clone)]
pub struct CountStale {
    /// Where.
    pub column: &'static SealedColumn,
    /// The id of the current key.
    pub key_id: [u8; 4],
}

impl Query for CountStale {
    const NAME: &'static str = "sealed.count_stale";
    const SHAPE: Shape = Shape::Scan;
    type Output = u64;

    async fn run<R: Read>(&self, db: &mut R) -> Result<u64, StoreError> {
        let count = db.query_one(self.column.count, params![self.key_id.to_vec()]).await?.integer()?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}
