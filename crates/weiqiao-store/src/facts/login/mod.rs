//! Logging in through WeChat.

mod record_login;

pub use record_login::{NewSession, RecordLogin, RecordedLogin, SealedUnionId};
