//! The follow-ups of a lead, the newest first.

use super::StoredFollowUp;
use crate::facts::window;
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

const COUNT: &str = "SELECT count(*) FROM follow_up WHERE lead_id = $1";

const NEWEST: &str = "SELECT f.id, f.lead_id, f.app_id, f.kind, f.text, f.next_at, f.created_at, f.actor_kind, f.actor_id, \
    s.name, k.name FROM follow_up f LEFT JOIN staff s ON s.id = f.actor_id \
    LEFT JOIN api_key k ON k.id = f.actor_id WHERE f.lead_id = $1 ORDER BY f.created_at DESC, f.id DESC LIMIT $2 OFFSET $3";

/// Lists the follow-ups of a lead.
#[derive(Debug, Clone)]
pub struct ListFollowUps {
    /// The lead.
    pub lead_id: String,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUpPage {
    /// The follow-ups on this page.
    pub items: Vec<StoredFollowUp>,
    /// How many there are on all pages.
    pub total: u64,
}

impl Query for ListFollowUps {
    const NAME: &'static str = "follow_up.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = FollowUpPage;

    async fn run<R: Read>(&self, db: &mut R) -> Result<FollowUpPage, StoreError> {
        let total = db.query_one(COUNT, params![&self.lead_id]).await?.integer()?;
        let (size, skip) = window(self.page, self.page_size);
        let rows = db.query(NEWEST, params![&self.lead_id, size, skip]).await?;
        let items = rows.into_iter().map(StoredFollowUp::read).collect::<Result<_, _>>()?;
        Ok(FollowUpPage { items, total: u64::try_from(total).unwrap_or(0) })
    }
}
