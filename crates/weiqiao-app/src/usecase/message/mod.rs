//! Messages that are sent at once.

mod send_message;

pub use send_message::{SendMessage, SentMessage, send_message};
