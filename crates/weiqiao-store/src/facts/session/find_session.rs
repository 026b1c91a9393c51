//! Does this session still hold, and whose is it?

use weiqiao_model::{AccountName, AppId, IdentityId, SessionId, SessionKind};

use crate::value::params;
use crate::{Query, Read, Row, StoreError};

const FIND: &str = "SELECT session.kind, session.subject, session.created_at, session.seen_at, session.expires_at, \
    session.revoked_at, session.account, identity.id, identity.app_id, identity.openid_index, identity.openid \
    FROM session LEFT JOIN identity ON identity.id = session.identity_id WHERE session.id = $1";

/// Finds a session, also one that has ended: look at [`StoredSession::holds_at`].
#[derive(Debug, Clone)]
pub struct FindSession {
    /// Which one.
    pub id: SessionId,
}

/// A session as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// Its id.
    pub id: SessionId,
    /// Whose kind of session it is.
    pub kind: SessionKind,
    /// The id of the user or of the member of staff, by `kind`. When two users turned out to be one person, this is the
    /// one that remains, also for sessions that began before.
    pub subject: String,
    /// The last login, epoch milliseconds.
    pub created_at: i64,
    /// When it was last touched, epoch milliseconds.
    pub seen_at: i64,
    /// When it ends by itself, epoch milliseconds.
    pub expires_at: i64,
    /// When it was ended early, epoch milliseconds.
    pub revoked_at: Option<i64>,
    /// The WeChat identity behind it; `None` for staff.
    pub identity: Option<SessionIdentity>,
}

/// The WeChat identity behind a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionIdentity {
    /// The account's name at login.
    pub account: AccountName,
    /// Our id of the identity.
    pub identity_id: IdentityId,
    /// The account's appid.
    pub app_id: AppId,
    /// Who it is to this account: the blind index of the openid.
    pub openid_index: String,
    /// The openid, sealed for that index.
    pub openid: Vec<u8>,
}

impl StoredSession {
    /// Whether the session is neither revoked nor over at this time (epoch milliseconds).
    #[must_use]
    pub fn holds_at(&self, now: i64) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    fn read(id: &SessionId, mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: id.clone(),
            kind: row.word()?,
            subject: row.text()?,
            created_at: row.integer()?,
            seen_at: row.integer()?,
            expires_at: row.integer()?,
            revoked_at: row.opt_integer()?,
            identity: SessionIdentity::read(row)?,
        })
    }
}

impl SessionIdentity {
    fn read(mut row: Row) -> Result<Option<Self>, StoreError> {
        let account = row.opt_text()?;
        let (identity_id, app_id) = (row.opt_id()?, row.opt_id()?);
        let (openid_index, openid) = (row.opt_text()?, row.opt_bytes()?);
        let (Some(account), Some(identity_id), Some(app_id)) = (account, identity_id, app_id) else { return Ok(None) };
        let (Some(openid_index), Some(openid)) = (openid_index, openid) else { return Ok(None) };
        let account = account.parse().map_err(|error| StoreError::corrupt(format!("a stored session: {error}")))?;
        Ok(Some(Self { account, identity_id, app_id, openid_index, openid }))
    }
}

impl Query for FindSession {
    const NAME: &'static str = "session.find";
    type Output = Option<StoredSession>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        let row = db.query_opt(FIND, params![&self.id]).await?;
        row.map(|row| StoredSession::read(&self.id, row)).transpose()
    }
}
