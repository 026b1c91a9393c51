//! Logins that last: of people who came through WeChat, and of staff.

mod add_staff_session;
mod find_session;
mod revoke_session;
mod sweep_sessions;
mod touch_session;
mod while_holds;

pub use add_staff_session::AddStaffSession;
pub use find_session::{FindSession, SessionIdentity, StoredSession};
pub use revoke_session::{RevokeSession, RevokeSessionsOf};
pub use sweep_sessions::SweepSessions;
pub use touch_session::TouchSession;
pub use while_holds::WhileHolds;
