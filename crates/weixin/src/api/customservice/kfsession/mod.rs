//! `/customservice/kfsession/…`: which member of staff is talking to whom.

mod close;
mod create;
mod getsession;
mod getsessionlist;
mod getwaitcase;

pub use self::close::CloseSession;
pub use self::create::OpenSession;
pub use self::getsession::{FindSession, Session};
pub use self::getsessionlist::{ListSessions, SessionList, SessionOfStaff};
pub use self::getwaitcase::{ListWaiting, Waiting, WaitingCustomer};
