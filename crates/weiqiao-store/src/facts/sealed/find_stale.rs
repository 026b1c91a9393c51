//! Which values of a column are under another key?

use super::{Row, SealedColumn};
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

/// Finds values that were sealed with another key than this one, in the order of their rows' keys.
#[derive(Debug, Clone)]
pub struct FindStale {
    /// Where.
    pub column: &'static SealedColumn,
    /// The id of the current key.
    pub key_id: [u8; 4],
    /// Only behind this row; two empty texts: from the beginning.
    pub after: [String; 2],
    /// The most to find.
    pub limit: u32,
}

/// A value under an earlier key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleValue {
    /// Which row.
    pub key: [String; 2],
    /// The row of its place.
    pub row: String,
    /// The appid of its place; empty when it has none.
    pub app_id: String,
    /// The value.
    pub sealed: Vec<u8>,
}

impl Query for FindStale {
    const NAME: &'static str = "sealed.find_stale";
    const SHAPE: Shape = Shape::Scan;
    type Output = Vec<StaleValue>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let [first, second] = &self.after;
        let params = params![self.key_id.to_vec(), first, second, i64::from(self.limit)];
        let rows = db.query(self.column.find, params).await?;
        rows.into_iter()
            .map(|mut row| {
                let key = [row.text()?, row.text()?];
                let (one, two) = (row.text()?, row.text()?);
                let row_name = match self.column.row {
                    Row::Plain => one,
                    Row::BeforeSign => one.split('#').next().unwrap_or_default().to_owned(),
                    Row::Pair => format!("{} {one} {two}", one.len()),
                };
                Ok(StaleValue { key, row: row_name, app_id: row.text()?, sealed: row.bytes()? })
            })
            .collect()
    }
}
