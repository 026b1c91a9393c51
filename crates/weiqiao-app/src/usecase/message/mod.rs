//! Messages that are sent on request, and waited for.

mod answer;
mod content;
mod send_message;

pub use content::MessageDraft;
pub use send_message::{SendMessage, SentMessage, send_message};

pub(crate) use content::{open_content, open_recipient, recipient_place};
pub(crate) use send_message::template_not_allowed;
