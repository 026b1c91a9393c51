//! Sessions of people who logged in through WeChat.

mod cache;
mod logout;
mod verify_session;

use weiqiao_model::{AccountName, AppId, IdentityId, OpenId, SessionId, UserId};

pub use cache::MAX_AGE_MS;
pub(crate) use cache::SessionCache;
pub use logout::{logout, logout_everywhere};
pub(crate) use verify_session::is_alive;
pub use verify_session::{verify_session, was_issued_here};

/// A verified session: who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionContext {
    /// The session's id (`sid`).
    pub session_id: SessionId,
    /// The person.
    pub user_id: UserId,
    /// The account they logged in through.
    pub account: AccountName,
    /// That account's appid.
    pub app_id: AppId,
    /// The person as that account sees them: our id.
    pub identity_id: IdentityId,
    /// The person as that account sees them: WeChat's id.
    pub openid: OpenId,
    /// When the session began, epoch milliseconds.
    pub created_at: i64,
    /// When it ends by itself, epoch milliseconds.
    pub expires_at: i64,
}
