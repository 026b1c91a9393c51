//! Who follows, page by page.

use crate::value::params;
use crate::{Query, Read, Row, Shape, StoreError};

macro_rules! matching {
    () => {
        " FROM follower WHERE (CAST($1 AS TEXT) IS NULL OR account = $1) \
         AND (CAST($2 AS BIGINT) IS NULL OR subscribed = $2) AND (CAST($3 AS TEXT) IS NULL OR scene = $3) \
         AND (CAST($4 AS TEXT) IS NULL OR who = $4)"
    };
}

const COUNT: &str = concat!("SELECT count(*)", matching!());

const NEWEST: &str = concat!(
    "SELECT app_id, who, account, openid, subscribed, scene, changed_at, subscribed_at, unsubscribed_at, created_at",
    matching!(),
    " ORDER BY changed_at DESC, who DESC LIMIT $5 OFFSET $6"
);

/// Lists people who follow or followed, the latest change first.
#[derive(Debug, Clone, Default)]
pub struct ListFollowers {
    /// Only this account, by its name.
    pub account: Option<String>,
    /// Only those who follow, or only those who left.
    pub subscribed: Option<bool>,
    /// Only those who followed by a QR code of this scene.
    pub scene: Option<String>,
    /// Only this person, by blind index.
    pub who: Option<String>,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// Somebody who follows or followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFollower {
    /// The account's appid.
    pub app_id: String,
    /// Blind index of the openid.
    pub who: String,
    /// The account's name.
    pub account: String,
    /// The openid, sealed; `None` once they left.
    pub openid: Option<Vec<u8>>,
    /// Whether they follow.
    pub subscribed: bool,
    /// The scene of the QR code they followed by.
    pub scene: Option<String>,
    /// When the newest event happened, epoch milliseconds by WeChat's clock.
    pub changed_at: i64,
    /// When they last followed, epoch milliseconds.
    pub subscribed_at: Option<i64>,
    /// When they last left, epoch milliseconds.
    pub unsubscribed_at: Option<i64>,
    /// When they were first heard of, epoch milliseconds.
    pub created_at: i64,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowerPage {
    /// The people on this page.
    pub items: Vec<StoredFollower>,
    /// How many there are on all pages.
    pub total: u64,
}

impl Query for ListFollowers {
    const NAME: &'static str = "follower.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = FollowerPage;

    async fn run<R: Read>(&self, db: &mut R) -> Result<FollowerPage, StoreError> {
        let filter = params![&self.account, self.subscribed, &self.scene, &self.who];
        let total = db.query_one(COUNT, filter.clone()).await?.integer()?;
        let size = i64::from(self.page_size.clamp(1, 200));
        let skip = i64::from(self.page.max(1) - 1) * size;
        let rows = db.query(NEWEST, [filter, params![size, skip]].concat()).await?;
        let items = rows.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(FollowerPage { items, total: u64::try_from(total).unwrap_or(0) })
    }
}

fn read(mut row: Row) -> Result<StoredFollower, StoreError> {
    Ok(StoredFollower {
        app_id: row.text()?,
        who: row.text()?,
        account: row.text()?,
        openid: row.opt_bytes()?,
        subscribed: row.flag()?,
        scene: row.opt_text()?,
        changed_at: row.integer()?,
        subscribed_at: row.opt_integer()?,
        unsubscribed_at: row.opt_integer()?,
        created_at: row.integer()?,
    })
}
