//! The list of jobs, page by page, the newest first.

use weiqiao_model::JobStatus;

use super::{StoredJob, columns, of_action, word};
use crate::facts::ids_since;
use crate::value::params;
use crate::{Query, Read, Shape, StoreError};

macro_rules! rest {
    () => {
        " (CAST($2 AS TEXT) IS NULL OR kind = $2) AND (CAST($3 AS TEXT) IS NULL OR status = $3) \
         AND (CAST($4 AS BIGINT) IS NULL OR created_at >= $4) AND (CAST($5 AS BIGINT) IS NULL OR created_at < $5) \
         AND id >= $6"
    };
}
macro_rules! page {
    () => {
        " ORDER BY id DESC LIMIT $7 OFFSET $8"
    };
}

const COUNT: &str = concat!("SELECT count(*) FROM job WHERE (CAST($1 AS TEXT) IS NULL OR account = $1) AND", rest!());
const LIST: &str =
    concat!("SELECT ", columns!(), " FROM job WHERE (CAST($1 AS TEXT) IS NULL OR account = $1) AND", rest!(), page!());

const COUNT_OF_STATUS: &str =
    concat!("SELECT count(*) FROM job WHERE (CAST($1 AS TEXT) IS NULL OR account = $1) AND status = $3 AND", rest!());
const LIST_OF_STATUS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM job WHERE (CAST($1 AS TEXT) IS NULL OR account = $1) AND status = $3 AND",
    rest!(),
    page!()
);

macro_rules! where_origin {
    () => {
        " FROM job WHERE origin = $1 AND origin <> 'action'"
    };
}
macro_rules! where_action {
    () => {
        " FROM job WHERE id = $1 AND origin = 'action'"
    };
}

const COUNT_OF_ORIGIN: &str = concat!("SELECT count(*)", where_origin!());
const LIST_OF_ORIGIN: &str = concat!("SELECT ", columns!(), where_origin!(), " ORDER BY id DESC LIMIT $2 OFFSET $3");

const COUNT_OF_ACTION: &str = concat!("SELECT count(*)", where_action!());
const LIST_OF_ACTION: &str = concat!("SELECT ", columns!(), where_action!(), " LIMIT $2 OFFSET $3");

/// Lists jobs.
#[derive(Debug, Clone, Default)]
pub struct ListJobs {
    /// Only what this made necessary; the other filters do not count then.
    pub origin: Option<String>,
    /// Only this kind of work.
    pub kind: Option<String>,
    /// Only this account's, or this endpoint's.
    pub account: Option<String>,
    /// Only those that have come this far.
    pub status: Option<JobStatus>,
    /// Only those made then or later, epoch milliseconds.
    pub since: Option<i64>,
    /// Only those made before, epoch milliseconds.
    pub until: Option<i64>,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobPage {
    /// The jobs on this page.
    pub items: Vec<StoredJob>,
    /// How many there are on all pages.
    pub total: u64,
}

/// The most entries on a page of any list.
const MAX_PAGE: u32 = 200;

impl Query for ListJobs {
    const NAME: &'static str = "job.list";
    const SHAPE: Shape = Shape::Scan;
    type Output = JobPage;

    async fn run<R: Read>(&self, db: &mut R) -> Result<JobPage, StoreError> {
        let size = i64::from(self.page_size.clamp(1, MAX_PAGE));
        let skip = i64::from(self.page.max(1) - 1) * size;
        let status = self.status.map(word);
        let filter = match &self.origin {
            Some(origin) => params![of_action(origin).unwrap_or(origin)],
            None => params![&self.account, &self.kind, status, self.since, self.until, ids_since(self.since)],
        };
        let (count, list) = match (&self.origin, self.status) {
            (Some(origin), _) if of_action(origin).is_some() => (COUNT_OF_ACTION, LIST_OF_ACTION),
            (Some(_), _) => (COUNT_OF_ORIGIN, LIST_OF_ORIGIN),
            (None, Some(_)) => (COUNT_OF_STATUS, LIST_OF_STATUS),
            (None, None) => (COUNT, LIST),
        };
        let total = db.query_one(count, filter.clone()).await?.integer()?;
        let rows = db.query(list, [filter, params![size, skip]].concat()).await?;
        let items = rows.into_iter().map(|mut row| StoredJob::read(&mut row)).collect::<Result<_, _>>()?;
        Ok(JobPage { items, total: u64::try_from(total).unwrap_or(0) })
    }
}
