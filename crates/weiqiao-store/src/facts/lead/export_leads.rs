//! Leads in portions, each beginning where the one before ended.

use super::{LeadFilter, StoredLead, columns, matching};
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

const COUNT: &str = concat!("SELECT count(*)", matching!());

const PORTION: &str = concat!(
    "SELECT ",
    columns!(),
    matching!(),
    " AND (CAST($15 AS TEXT) IS NULL OR id < $15) ORDER BY id DESC LIMIT $16"
);

/// The most leads of one portion.
const MOST: u32 = 1_000;

/// Counts leads.
#[derive(Debug, Clone, Default)]
pub struct CountLeads {
    /// Which.
    pub filter: LeadFilter,
}

impl Query for CountLeads {
    const NAME: &'static str = "lead.count";
    const SHAPE: Shape = Shape::Scan;
    type Output = u64;

    async fn run<R: Read>(&self, db: &mut R) -> Result<u64, StoreError> {
        let count = db.query_one(COUNT, self.filter.values()).await?.integer()?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

/// The next portion of leads, the newest first.
#[derive(Debug, Clone, Default)]
pub struct ExportLeads {
    /// Which.
    pub filter: LeadFilter,
    /// The id of the last lead of the portion before; nothing: from the beginning.
    pub after: Option<String>,
    /// How many, at most 1,000.
    pub limit: u32,
}

impl Query for ExportLeads {
    const NAME: &'static str = "lead.export";
    const SHAPE: Shape = Shape::Scan;
    /// Fewer than asked for: there are no more.
    type Output = Vec<StoredLead>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Vec<StoredLead>, StoreError> {
        let limit = i64::from(self.limit.clamp(1, MOST));
        let rows = db.query(PORTION, [self.filter.values(), params![&self.after, limit]].concat()).await?;
        rows.into_iter().map(|mut row| StoredLead::read(&mut row)).collect()
    }
}
