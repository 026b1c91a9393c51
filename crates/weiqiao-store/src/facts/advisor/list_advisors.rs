//! Who is known, page by page, the newest first.

use crate::facts::window;
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

const COUNT: &str = "SELECT count(*) FROM advisor WHERE (CAST($1 AS TEXT) IS NULL OR app_id = $1)";

const NEWEST: &str = "SELECT app_id, id, openid_index, source, created_at FROM advisor \
    WHERE (CAST($1 AS TEXT) IS NULL OR app_id = $1) ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3";

/// Lists advisors.
#[derive(Debug, Clone, Default)]
pub struct ListAdvisors {
    /// Only this mini program's.
    pub app_id: Option<String>,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// An advisor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAdvisor {
    /// The mini program.
    pub app_id: String,
    /// The client's name for them.
    pub id: String,
    /// Whether it is settled who may subscribe for them.
    pub bound: bool,
    /// `staff` or `self`.
    pub source: String,
    /// When they became known, epoch milliseconds.
    pub created_at: i64,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisorPage {
    /// The advisors on this page.
    pub items: Vec<StoredAdvisor>,
    /// How many there are on all pages.
    pub total: u64,
}

impl Query for ListAdvisors {
    const NAME: &'static str = "advisor.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = AdvisorPage;

    async fn run<R: Read>(&self, db: &mut R) -> Result<AdvisorPage, StoreError> {
        let total = db.query_one(COUNT, params![&self.app_id]).await?.integer()?;
        let (size, skip) = window(self.page, self.page_size);
        let mut items = Vec::new();
        for mut row in db.query(NEWEST, params![&self.app_id, size, skip]).await? {
            items.push(StoredAdvisor {
                app_id: row.text()?,
                id: row.text()?,
                bound: row.opt_text()?.is_some(),
                source: row.text()?,
                created_at: row.integer()?,
            });
        }
        Ok(AdvisorPage { items, total: u64::try_from(total).unwrap_or(0) })
    }
}
