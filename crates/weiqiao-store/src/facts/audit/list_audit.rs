//! Who did what, page by page, the newest first.

use super::{StoredAudit, columns};
use crate::facts::window;
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

macro_rules! matching {
    () => {
        " FROM audit WHERE (CAST($1 AS TEXT) IS NULL OR deed = $1) AND (CAST($2 AS TEXT) IS NULL OR actor_kind = $2) \
         AND (CAST($3 AS TEXT) IS NULL OR actor_id = $3) AND (CAST($4 AS TEXT) IS NULL OR target_kind = $4) \
         AND (CAST($5 AS TEXT) IS NULL OR target_id = $5) AND (CAST($6 AS TEXT) IS NULL OR request_id = $6) \
         AND (CAST($7 AS BIGINT) IS NULL OR at >= $7) AND (CAST($8 AS BIGINT) IS NULL OR at < $8)"
    };
}

const COUNT: &str = concat!("SELECT count(*)", matching!());

const NEWEST: &str = concat!("SELECT ", columns!(), matching!(), " ORDER BY n DESC LIMIT $9 OFFSET $10");

/// Lists the chain.
#[derive(Debug, Clone, Default)]
pub struct ListAudit {
    /// Only this deed.
    pub deed: Option<String>,
    /// Only by this sort of actor.
    pub actor_kind: Option<String>,
    /// Only by this one.
    pub actor_id: Option<String>,
    /// Only to this sort of thing.
    pub target_kind: Option<String>,
    /// Only to this one.
    pub target_id: Option<String>,
    /// Only what this request did.
    pub request_id: Option<String>,
    /// Only then or later, epoch milliseconds.
    pub since: Option<i64>,
    /// Only before, epoch milliseconds.
    pub until: Option<i64>,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// The rows on this page.
    pub items: Vec<StoredAudit>,
    /// How many there are on all pages.
    pub total: u64,
}

impl Query for ListAudit {
    const NAME: &'static str = "audit.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = AuditPage;

    async fn run<R: Read>(&self, db: &mut R) -> Result<AuditPage, StoreError> {
        let filter = params![
            &self.deed,
            &self.actor_kind,
            &self.actor_id,
            &self.target_kind,
            &self.target_id,
            &self.request_id,
            self.since,
            self.until,
        ];
        let total = db.query_one(COUNT, filter.clone()).await?.integer()?;
        let (size, skip) = window(self.page, self.page_size);
        let rows = db.query(NEWEST, [filter, params![size, skip]].concat()).await?;
        let items = rows.into_iter().map(StoredAudit::read).collect::<Result<_, _>>()?;
        Ok(AuditPage { items, total: u64::try_from(total).unwrap_or(0) })
    }
}
