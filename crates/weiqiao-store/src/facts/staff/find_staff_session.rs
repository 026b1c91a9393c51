//! Whose staff session is this, and does it still hold?

use weiqiao_model::SessionId;

use super::{StoredStaff, columns};
use crate::value::params;
use crate::{Query, Read, StoreError};

macro_rules! found {
    () => {
        "SELECT session_id, session_created_at, seen_at, expires_at, revoked_at, idle_ms, "
    };
}
macro_rules! session {
    () => {
        " FROM (SELECT id AS session_id, subject, created_at AS session_created_at, seen_at, expires_at, revoked_at, \
         idle_ms FROM session WHERE kind = 'staff' AND "
    };
}
macro_rules! person {
    () => {
        ") AS found JOIN staff ON staff.id = found.subject"
    };
}

const BY_ID: &str = concat!(found!(), columns!(), session!(), "id = $1", person!());

const BY_COOKIE: &str = concat!(found!(), columns!(), session!(), "cookie_hash = $1", person!());

/// Finds a staff session and the person, also one that has ended: look at [`StoredStaffSession::holds_at`].
#[derive(Debug, Clone)]
pub enum FindStaffSession {
    /// By its id, which tokens carry.
    Id(SessionId),
    /// By the hash of the cookie of a browser.
    Cookie(String),
}

/// A staff session as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStaffSession {
    /// Its id.
    pub id: SessionId,
    /// When they logged in, epoch milliseconds.
    pub created_at: i64,
    /// When it was last used, epoch milliseconds, to the minute or so.
    pub seen_at: i64,
    /// When it ends by itself, epoch milliseconds.
    pub expires_at: i64,
    /// When it was ended early, epoch milliseconds.
    pub revoked_at: Option<i64>,
    /// After how long without use it ends, milliseconds.
    pub idle_ms: Option<i64>,
    /// The person.
    pub staff: StoredStaff,
}

impl StoredStaffSession {
    /// Whether the session goes on at this time (epoch milliseconds): not revoked, not over, not left alone for too long,
    /// and not of somebody who was shut out.
    #[must_use]
    pub fn holds_at(&self, now: i64) -> bool {
        let in_use = self.idle_ms.is_none_or(|idle| now < self.seen_at.saturating_add(idle));
        self.revoked_at.is_none() && now < self.expires_at && in_use && self.staff.disabled_at.is_none()
    }
}

impl Query for FindStaffSession {
    const NAME: &'static str = "staff.find_session";
    type Output = Option<StoredStaffSession>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let row = match self {
            Self::Id(id) => db.query_opt(BY_ID, params![id]).await?,
            Self::Cookie(hash) => db.query_opt(BY_COOKIE, params![hash]).await?,
        };
        row.map(|mut row| {
            Ok(StoredStaffSession {
                id: row.id()?,
                created_at: row.integer()?,
                seen_at: row.integer()?,
                expires_at: row.integer()?,
                revoked_at: row.opt_integer()?,
                idle_ms: row.opt_integer()?,
                staff: StoredStaff::read_next(&mut row)?,
            })
        })
        .transpose()
    }
}
