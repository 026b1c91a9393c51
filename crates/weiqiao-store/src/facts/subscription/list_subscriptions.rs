//! Who may be sent what, page by page.

use super::{StoredSubscription, columns};
use crate::facts::window;
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

macro_rules! matching {
    () => {
        " FROM subscription WHERE (CAST($1 AS TEXT) IS NULL OR advisor_id = $1) \
         AND (CAST($2 AS TEXT) IS NULL OR template_id = $2) AND (CAST($3 AS BIGINT) IS NULL \
         OR (CASE WHEN subscribed = 1 AND spent = 0 THEN 1 ELSE 0 END) = $3)"
    };
}

const COUNT: &str = concat!("SELECT count(*)", matching!());

const NEWEST: &str =
    concat!("SELECT ", columns!(), matching!(), " ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5");
const OLDEST: &str = concat!("SELECT ", columns!(), matching!(), " ORDER BY created_at, id LIMIT $4 OFFSET $5");

/// Lists subscriptions.
#[derive(Debug, Clone, Default)]
pub struct ListSubscriptions {
    /// Only this advisor's.
    pub advisor_id: Option<String>,
    /// Only messages of this template.
    pub template_id: Option<String>,
    /// Only those that may be sent to, or only the others.
    pub active: Option<bool>,
    /// The oldest first; otherwise the newest.
    pub oldest_first: bool,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionPage {
    /// The subscriptions on this page.
    pub items: Vec<StoredSubscription>,
    /// How many there are on all pages.
    pub total: u64,
}

impl Query for ListSubscriptions {
    const NAME: &'static str = "subscription.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = SubscriptionPage;

    async fn run<R: Read>(&self, db: &mut R) -> Result<SubscriptionPage, StoreError> {
        let filter = params![&self.advisor_id, &self.template_id, self.active];
        let total = db.query_one(COUNT, filter.clone()).await?.integer()?;
        let (size, skip) = window(self.page, self.page_size);
        let sql = if self.oldest_first { OLDEST } else { NEWEST };
        let rows = db.query(sql, [filter, params![size, skip]].concat()).await?;
        let items = rows.into_iter().map(|mut row| StoredSubscription::read(&mut row)).collect::<Result<_, _>>()?;
        Ok(SubscriptionPage { items, total: u64::try_from(total).unwrap_or(0) })
    }
}
