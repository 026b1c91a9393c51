//! The computer takes over: it gets a session of its own, as the person who agreed on the phone.

use weiqiao_model::{SessionId, UserId};

use super::find_handover::{FIND, StoredHandover};
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const TAKE: &str = "UPDATE login_handover SET taken_at = $4, session_id = $3 WHERE hash = $1 AND cookie_hash = $2 \
    AND status = 'confirmed' AND taken_at IS NULL AND expires_at > $4 RETURNING phone_session";

/// Not from a phone that logged out meanwhile.
const ADD_SESSION: &str = "INSERT INTO session (id, kind, subject, identity_id, account, device_hash, created_at, seen_at, \
    expires_at) SELECT $1, 'user', subject, identity_id, account, $3, $4, $4, $5 FROM session \
    WHERE id = $2 AND kind = 'user' AND revoked_at IS NULL AND expires_at > $4";

const SUBJECT: &str = "SELECT subject FROM session WHERE id = $1 AND kind = 'user' AND revoked_at IS NULL";

/// Takes a confirmed hand-over: once, by the browser that showed the QR code, in time.
///
/// A browser that did not get the answer may come again within `reuse_ms` and gets the same session.
#[derive(Debug, Clone)]
pub struct FinishHandover {
    /// The hash of the ticket.
    pub hash: String,
    /// The hash of the cookie that came with it.
    pub cookie_hash: String,
    /// The session the computer gets.
    pub session_id: SessionId,
    /// When that session ends by itself, epoch milliseconds.
    pub session_expires_at: i64,
    /// A hash of what the computer says about itself.
    pub device_hash: Option<String>,
    /// How long after the first time the same browser may come again, milliseconds.
    pub reuse_ms: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandoverEnd {
    /// The computer is logged in.
    Done {
        /// Where it goes.
        target: String,
        /// Its session: the candidate, or the one it got a moment ago.
        session_id: SessionId,
        /// The person.
        user_id: UserId,
    },
    /// Unknown, not confirmed, too late, taken before, another browser's, or the phone has logged out.
    Refused,
}

impl Command for FinishHandover {
    const NAME: &'static str = "handover.finish";
    type Output = HandoverEnd;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<HandoverEnd, StoreError> {
        let take = params![&self.hash, &self.cookie_hash, &self.session_id, self.now];
        if let Some(mut row) = tx.query_opt(TAKE, take).await? {
            let phone: SessionId = row.id()?;
            let session = params![&self.session_id, &phone, &self.device_hash, self.now, self.session_expires_at];
            tx.execute(ADD_SESSION, session).await?;
        }
        let Some(row) = tx.query_opt(FIND, params![&self.hash]).await? else { return Ok(HandoverEnd::Refused) };
        let StoredHandover { cookie_hash, target, session_id, taken_at, .. } = StoredHandover::read(row)?;
        let in_time = taken_at.is_some_and(|taken_at| self.now < taken_at.saturating_add(self.reuse_ms));
        let Some(session_id) = session_id.filter(|_| in_time && cookie_hash == self.cookie_hash) else {
            return Ok(HandoverEnd::Refused);
        };
        match tx.query_opt(SUBJECT, params![&session_id]).await? {
            Some(mut row) => Ok(HandoverEnd::Done { target, session_id, user_id: row.id()? }),
            None => Ok(HandoverEnd::Refused),
        }
    }
}
