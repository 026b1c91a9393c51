//! What does this rule say?

use super::{StoredRule, columns};
use crate::value::params;
use crate::{Query, Read, StoreError};

pub(super) const FIND: &str = concat!("SELECT ", columns!(), " FROM rule WHERE id = $1");

/// Finds a rule.
#[derive(Debug, Clone)]
pub struct FindRule {
    /// Which one.
    pub id: String,
}

impl Query for FindRule {
    const NAME: &'static str = "rule.find";
    type Output = Option<StoredRule>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        db.query_opt(FIND, params![&self.id]).await?.map(StoredRule::read).transpose()
    }
}
