//! One push.

use super::{Decision, ListedPush, columns};
use crate::value::params;
use crate::{Query, Read, StoreError};

const FIND: &str = concat!(
    "SELECT ",
    columns!(),
    ", dedup_key, body, CASE WHEN state = 'done' THEN reply END FROM inbox WHERE id = $1"
);

const DECISION: &str = "SELECT state, reply, lease_until FROM inbox WHERE id = $1";

/// Finds a push.
#[derive(Debug, Clone)]
pub struct FindInbox {
    /// Which one.
    pub id: String,
}

/// A push with what was said in it, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPush {
    /// What is known about it without opening it.
    pub listed: ListedPush,
    /// What copies of it have in common; the sealed fields are bound to it.
    pub dedup_key: String,
    /// What was pushed, sealed; `None`: forgotten.
    pub body: Option<Vec<u8>>,
    /// What was answered, sealed; `None`: nothing.
    pub reply: Option<Vec<u8>>,
}

impl Query for FindInbox {
    const NAME: &'static str = "inbox.find";
    type Output = Option<StoredPush>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let Some(mut row) = db.query_opt(FIND, params![&self.id]).await? else { return Ok(None) };
        Ok(Some(StoredPush {
            listed: ListedPush::read(&mut row)?,
            dedup_key: row.text()?,
            body: row.opt_bytes()?,
            reply: row.opt_bytes()?,
        }))
    }
}

/// Asks how far the decision about a push is.
#[derive(Debug, Clone)]
pub struct FindDecision {
    /// Which push.
    pub id: String,
}

impl Query for FindDecision {
    const NAME: &'static str = "inbox.decision";
    type Output = Option<Decision>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let row = db.query_opt(DECISION, params![&self.id]).await?;
        row.map(|mut row| Decision::read(&mut row)).transpose()
    }
}
