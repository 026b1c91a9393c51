//! Which lead is this?

use super::{LeadScope, StoredLead, columns};
use crate::value::params;
use crate::{Query, Read, StoreError};

const FIND: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM lead WHERE id = $1 AND (CAST($2 AS TEXT) IS NULL OR assigned_to = $2 \
     OR (CAST($3 AS BIGINT) = 1 AND assigned_to IS NULL))"
);

/// Finds a lead.
#[derive(Debug, Clone)]
pub struct FindLead {
    /// Its id.
    pub id: String,
    /// Whose leads may be seen.
    pub scope: LeadScope,
}

impl Query for FindLead {
    const NAME: &'static str = "lead.find";
    type Output = Option<StoredLead>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Option<StoredLead>, StoreError> {
        let (advisor, pool) = self.scope.values();
        let row = db.query_opt(FIND, params![&self.id, advisor, pool]).await?;
        row.map(|mut row| StoredLead::read(&mut row)).transpose()
    }
}
