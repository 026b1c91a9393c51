//! Subscribe messages that are sent on request and waited for.
//!
//! Such a message is a [notification](super::notification) that no action owes, with a job of the same id: it is written down
//! with its first attempt *before* the call ([`BeginMessage`]), so that a crash in between is seen as *uncertain*, and the
//! result with what the caller is told in one commit ([`SettleMessage`]). A request with a key is told the same again.

mod begin_message;
mod find_message;
mod settle_message;

pub use begin_message::{BeginMessage, BegunMessage, NewMessage};
pub use find_message::{FindMessage, IsRecipient, StoredMessage};
pub use settle_message::SettleMessage;
