//! The list of everybody who ever logged in, page by page.

use weiqiao_model::AccountName;

use super::{StoredIdentity, columns, person};
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

macro_rules! matching {
    () => {
        " FROM identity WHERE (CAST($1 AS TEXT) IS NULL OR account = $1)"
    };
}

const COUNT: &str = concat!("SELECT count(*)", matching!());

const NEWEST_LOGIN: &str =
    concat!("SELECT ", columns!(), person!(), matching!(), " ORDER BY login_at DESC, id DESC LIMIT $2 OFFSET $3");
const OLDEST_LOGIN: &str =
    concat!("SELECT ", columns!(), person!(), matching!(), " ORDER BY login_at, id LIMIT $2 OFFSET $3");
const NEWEST: &str =
    concat!("SELECT ", columns!(), person!(), matching!(), " ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3");
const OLDEST: &str =
    concat!("SELECT ", columns!(), person!(), matching!(), " ORDER BY created_at, id LIMIT $2 OFFSET $3");

/// Lists identities.
#[derive(Debug, Clone, Default)]
pub struct ListUsers {
    /// Only this account.
    pub account: Option<AccountName>,
    /// In which order.
    pub sort: UserSort,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 1,000.
    pub page_size: u32,
}

/// The order of the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UserSort {
    /// The latest login first.
    #[default]
    LoginDescending,
    /// The login longest ago first.
    LoginAscending,
    /// The newest user first.
    CreatedDescending,
    /// The oldest user first.
    CreatedAscending,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPage {
    /// The identities on this page.
    pub items: Vec<StoredIdentity>,
    /// How many there are on all pages.
    pub total: u64,
}

/// The most entries on a page. Lists show fewer; a search walks through all.
const MAX_PAGE: u32 = 1_000;

impl Query for ListUsers {
    const NAME: &'static str = "identity.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = UserPage;

    async fn run<R: Read>(&self, db: &mut R) -> Result<UserPage, StoreError> {
        let filter = params![&self.account];
        let total = db.query_one(COUNT, filter.clone()).await?.integer()?;

        let size = i64::from(self.page_size.clamp(1, MAX_PAGE));
        let skip = i64::from(self.page.max(1) - 1) * size;
        let sql = match self.sort {
            UserSort::LoginDescending => NEWEST_LOGIN,
            UserSort::LoginAscending => OLDEST_LOGIN,
            UserSort::CreatedDescending => NEWEST,
            UserSort::CreatedAscending => OLDEST,
        };
        let rows = db.query(sql, [filter, params![size, skip]].concat()).await?;
        Ok(UserPage {
            items: rows.into_iter().map(StoredIdentity::read).collect::<Result<_, _>>()?,
            total: u64::try_from(total).unwrap_or(0),
        })
    }
}
