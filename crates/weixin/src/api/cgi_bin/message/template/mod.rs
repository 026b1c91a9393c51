//! `/cgi-bin/message/template/…`: template messages to followers, and one-time ones to anybody.

mod send;
mod subscribe;

pub use self::send::{SendTemplateMessage, SentTemplateMessage};
pub use self::subscribe::{OneTimeContent, OneTimeData, SendOneTimeMessage};
