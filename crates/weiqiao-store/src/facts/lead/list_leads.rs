//! Leads, page by page, the newest first.

use super::{StoredLead, columns};
use crate::facts::window;
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

macro_rules! matching {
    () => {
        " FROM lead WHERE (CAST($1 AS TEXT) IS NULL OR assigned_to = $1) AND (CAST($2 AS TEXT) IS NULL OR level = $2) \
         AND (CAST($3 AS TEXT) IS NULL OR contract_status = $3) AND (CAST($4 AS TEXT) IS NULL OR phone_index = $4) \
         AND (CAST($5 AS TEXT) IS NULL OR number = $5)"
    };
}

const COUNT: &str = concat!("SELECT count(*)", matching!());

const NEWEST: &str =
    concat!("SELECT ", columns!(), matching!(), " ORDER BY created_at DESC, id DESC LIMIT $6 OFFSET $7");

/// Lists leads.
#[derive(Debug, Clone, Default)]
pub struct ListLeads {
    /// Only this advisor's.
    pub assigned_to: Option<String>,
    /// Only of this level.
    pub level: Option<String>,
    /// Only those whose contract is so far.
    pub contract_status: Option<String>,
    /// Only the one with this phone, by blind index.
    pub phone_index: Option<String>,
    /// Only the one with this number.
    pub number: Option<String>,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadPage {
    /// The leads on this page.
    pub items: Vec<StoredLead>,
    /// How many there are on all pages.
    pub total: u64,
}

impl Query for ListLeads {
    const NAME: &'static str = "lead.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = LeadPage;

    async fn run<R: Read>(&self, db: &mut R) -> Result<LeadPage, StoreError> {
        let filter = params![&self.assigned_to, &self.level, &self.contract_status, &self.phone_index, &self.number];
        let total = db.query_one(COUNT, filter.clone()).await?.integer()?;
        let (size, skip) = window(self.page, self.page_size);
        let rows = db.query(NEWEST, [filter, params![size, skip]].concat()).await?;
        let items = rows.into_iter().map(|mut row| StoredLead::read(&mut row)).collect::<Result<_, _>>()?;
        Ok(LeadPage { items, total: u64::try_from(total).unwrap_or(0) })
    }
}
