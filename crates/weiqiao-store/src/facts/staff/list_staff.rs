//! Who works here?

use weiqiao_model::Role;

use super::{StoredStaff, columns};
use crate::facts::window;
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

macro_rules! matching {
    () => {
        " FROM staff WHERE (CAST($1 AS TEXT) IS NULL OR role = $1) \
         AND (CAST($2 AS BIGINT) IS NULL OR (disabled_at IS NULL) = ($2 = 0)) \
         AND (CAST($3 AS TEXT) IS NULL OR username = $3)"
    };
}

const COUNT: &str = concat!("SELECT count(*)", matching!());

const LIST: &str = concat!("SELECT ", columns!(), matching!(), " ORDER BY username LIMIT $4 OFFSET $5");

/// Lists staff by user name, also those who were shut out.
#[derive(Debug, Clone, Default)]
pub struct ListStaff {
    /// Only of this role.
    pub role: Option<Role>,
    /// Only those who may, or may not, log in.
    pub disabled: Option<bool>,
    /// Only the one of this user name.
    pub username: Option<String>,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffPage {
    /// The people on this page.
    pub items: Vec<StoredStaff>,
    /// How many there are on all pages.
    pub total: u64,
}

impl Query for ListStaff {
    const NAME: &'static str = "staff.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = StaffPage;

    async fn run<R: Read>(&self, db: &mut R) -> Result<StaffPage, StoreError> {
        let filter = params![self.role.map(Role::as_str), self.disabled, &self.username];
        let total = db.query_one(COUNT, filter.clone()).await?.integer()?;
        let (size, skip) = window(self.page, self.page_size);
        let rows = db.query(LIST, [filter, params![size, skip]].concat()).await?;
        let items = rows.into_iter().map(StoredStaff::read).collect::<Result<_, _>>()?;
        Ok(StaffPage { items, total: u64::try_from(total).unwrap_or(0) })
    }
}
