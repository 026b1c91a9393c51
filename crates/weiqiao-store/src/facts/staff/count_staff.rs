//! How many work here? On the first start: nobody.

use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

const COUNT: &str = "SELECT count(*) FROM staff";

/// Counts the members of staff, disabled ones too.
#[derive(Debug, Clone, Copy)]
pub struct CountStaff;

impl Query for CountStaff {
    const NAME: &'static str = "staff.count";
    const SHAPE: Shape = Shape::Scan;
    type Output = u64;

    async fn run<R: Read>(&self, db: &mut R) -> Result<u64, StoreError> {
        let count = db.query_one(COUNT, params![]).await?.integer()?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}
