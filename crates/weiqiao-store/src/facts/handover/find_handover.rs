//! How far is this hand-over?

use weiqiao_model::{AppId, SessionId};

use super::HandoverStatus;
use crate::value::params;
use crate::{Query, Read, Row, StoreError};

pub(super) const FIND: &str = "SELECT app_id, instance, cookie_hash, target, about, status, phone_session, session_id, \
    created_at, expires_at, taken_at FROM login_handover WHERE hash = $1";

/// Looks at a hand-over. Whether the caller may see it is theirs to check: compare `cookie_hash`, or have the ticket.
#[derive(Debug, Clone)]
pub struct FindHandover {
    /// The hash of the ticket.
    pub hash: String,
}

/// A hand-over as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredHandover {
    /// The appid people log in through.
    pub app_id: AppId,
    /// The login instance.
    pub instance: String,
    /// The hash of the cookie of the computer's browser.
    pub cookie_hash: String,
    /// Where the computer goes afterwards.
    pub target: String,
    /// What the phone is shown, sealed.
    pub about: Vec<u8>,
    /// How far it is.
    pub status: HandoverStatus,
    /// The phone's session, once it agreed.
    pub phone_session: Option<SessionId>,
    /// The computer's session, once it took over.
    pub session_id: Option<SessionId>,
    /// When the QR code was shown, epoch milliseconds.
    pub created_at: i64,
    /// When it is too late, epoch milliseconds.
    pub expires_at: i64,
    /// When the computer took over, epoch milliseconds.
    pub taken_at: Option<i64>,
}

impl StoredHandover {
    pub(super) fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            app_id: row.id()?,
            instance: row.text()?,
            cookie_hash: row.text()?,
            target: row.text()?,
            about: row.bytes()?,
            status: row.word()?,
            phone_session: row.opt_id()?,
            session_id: row.opt_id()?,
            created_at: row.integer()?,
            expires_at: row.integer()?,
            taken_at: row.opt_integer()?,
        })
    }
}

impl Query for FindHandover {
    const NAME: &'static str = "handover.find";
    type Output = Option<StoredHandover>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        db.query_opt(FIND, params![&self.hash]).await?.map(StoredHandover::read).transpose()
    }
}
