//! Actions, page by page.

use super::{StoredAction, columns};
use crate::facts::{ids_since, window};
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

macro_rules! matching {
    () => {
        " FROM customer_action WHERE (CAST($1 AS TEXT) IS NULL OR advisor_id = $1) \
         AND (CAST($2 AS TEXT) IS NULL OR kind = $2) AND (CAST($3 AS TEXT) IS NULL OR lead_id = $3) \
         AND created_at >= $4 AND created_at < $5 AND id >= $6"
    };
}

const COUNT: &str = concat!("SELECT count(*)", matching!());

const NEWEST: &str = concat!("SELECT ", columns!(), matching!(), " ORDER BY id DESC LIMIT $7 OFFSET $8");
const OLDEST: &str = concat!("SELECT ", columns!(), matching!(), " ORDER BY id LIMIT $7 OFFSET $8");

/// Lists actions.
#[derive(Debug, Clone, Default)]
pub struct ListActions {
    /// Only for this advisor.
    pub advisor_id: Option<String>,
    /// Only of this type.
    pub kind: Option<String>,
    /// Only those of this lead.
    pub lead_id: Option<String>,
    /// Only then or later, epoch milliseconds.
    pub since: Option<i64>,
    /// Only before, epoch milliseconds.
    pub until: Option<i64>,
    /// The oldest first; otherwise the newest.
    pub oldest_first: bool,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionPage {
    /// The actions on this page.
    pub items: Vec<StoredAction>,
    /// How many there are on all pages.
    pub total: u64,
}

impl Query for ListActions {
    const NAME: &'static str = "action.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = ActionPage;

    async fn run<R: Read>(&self, db: &mut R) -> Result<ActionPage, StoreError> {
        let (since, until) = (self.since.unwrap_or(i64::MIN), self.until.unwrap_or(i64::MAX));
        let filter = params![&self.advisor_id, &self.kind, &self.lead_id, since, until, ids_since(self.since)];
        let total = db.query_one(COUNT, filter.clone()).await?.integer()?;
        let (size, skip) = window(self.page, self.page_size);
        let sql = if self.oldest_first { OLDEST } else { NEWEST };
        let rows = db.query(sql, [filter, params![size, skip]].concat()).await?;
        let items = rows.into_iter().map(|mut row| StoredAction::read(&mut row)).collect::<Result<_, _>>()?;
        Ok(ActionPage { items, total: u64::try_from(total).unwrap_or(0) })
    }
}
