//! Leads, page by page.

use super::{LeadFilter, StoredLead, columns, matching};
use crate::facts::window;
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

const COUNT: &str = concat!("SELECT count(*)", matching!());

const NEWEST: &str = concat!("SELECT ", columns!(), matching!(), " ORDER BY id DESC LIMIT $15 OFFSET $16");
const OLDEST: &str = concat!("SELECT ", columns!(), matching!(), " ORDER BY id LIMIT $15 OFFSET $16");
const LAST_CHANGED: &str =
    concat!("SELECT ", columns!(), matching!(), " ORDER BY updated_at DESC, id DESC LIMIT $15 OFFSET $16");
const FIRST_CHANGED: &str =
    concat!("SELECT ", columns!(), matching!(), " ORDER BY updated_at, id LIMIT $15 OFFSET $16");
// The engines disagree about where nothing belongs.
const LAST_FOLLOWED: &str = concat!(
    "SELECT ",
    columns!(),
    matching!(),
    " ORDER BY coalesce(followed_at, 0) DESC, id DESC LIMIT $15 OFFSET $16"
);
const FIRST_FOLLOWED: &str =
    concat!("SELECT ", columns!(), matching!(), " ORDER BY coalesce(followed_at, 0), id LIMIT $15 OFFSET $16");
const LAST_PLANNED: &str =
    concat!("SELECT ", columns!(), matching!(), " ORDER BY coalesce(next_at, 0) DESC, id DESC LIMIT $15 OFFSET $16");
const FIRST_PLANNED: &str = concat!(
    "SELECT ",
    columns!(),
    matching!(),
    " ORDER BY coalesce(next_at, 9223372036854775807), id LIMIT $15 OFFSET $16"
);
const LAST_LEVEL: &str =
    concat!("SELECT ", columns!(), matching!(), " ORDER BY level DESC, id DESC LIMIT $15 OFFSET $16");
const FIRST_LEVEL: &str = concat!("SELECT ", columns!(), matching!(), " ORDER BY level, id LIMIT $15 OFFSET $16");
const LAST_NUMBER: &str = concat!("SELECT ", columns!(), matching!(), " ORDER BY number DESC LIMIT $15 OFFSET $16");
const FIRST_NUMBER: &str = concat!("SELECT ", columns!(), matching!(), " ORDER BY number LIMIT $15 OFFSET $16");

/// By what leads are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LeadSort {
    /// When they were made.
    #[default]
    Created,
    /// When staff changed them last.
    Updated,
    /// When somebody followed up last; never counts as long ago.
    Followed,
    /// When somebody is to follow up next; those without a plan come last.
    NextFollowUp,
    /// Their level.
    Level,
    /// Their number.
    Number,
}

/// Lists leads.
#[derive(Debug, Clone, Default)]
pub struct ListLeads {
    /// Which.
    pub filter: LeadFilter,
    /// By what they are ordered.
    pub sort: LeadSort,
    /// The smallest first; otherwise the greatest.
    pub ascending: bool,
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
        let filter = self.filter.values();
        let total = db.query_one(COUNT, filter.clone()).await?.integer()?;
        let (size, skip) = window(self.page, self.page_size);
        let sql = match (self.sort, self.ascending) {
            (LeadSort::Created, false) => NEWEST,
            (LeadSort::Created, true) => OLDEST,
            (LeadSort::Updated, false) => LAST_CHANGED,
            (LeadSort::Updated, true) => FIRST_CHANGED,
            (LeadSort::Followed, false) => LAST_FOLLOWED,
            (LeadSort::Followed, true) => FIRST_FOLLOWED,
            (LeadSort::NextFollowUp, false) => LAST_PLANNED,
            (LeadSort::NextFollowUp, true) => FIRST_PLANNED,
            (LeadSort::Level, false) => LAST_LEVEL,
            (LeadSort::Level, true) => FIRST_LEVEL,
            (LeadSort::Number, false) => LAST_NUMBER,
            (LeadSort::Number, true) => FIRST_NUMBER,
        };
        let rows = db.query(sql, [filter, params![size, skip]].concat()).await?;
        let items = rows.into_iter().map(|mut row| StoredLead::read(&mut row)).collect::<Result<_, _>>()?;
        Ok(LeadPage { items, total: u64::try_from(total).unwrap_or(0) })
    }
}
