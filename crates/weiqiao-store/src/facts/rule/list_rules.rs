//! All rules. They are few: made by hand, and their number is limited.

use super::{StoredRule, columns};
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

const LIST: &str = concat!("SELECT ", columns!(), " FROM rule ORDER BY id");

/// Lists every rule, the oldest first.
#[derive(Debug, Clone)]
pub struct ListRules;

impl Query for ListRules {
    const NAME: &'static str = "rule.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = Vec<StoredRule>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        db.query(LIST, params![]).await?.into_iter().map(StoredRule::read).collect()
    }
}
