//! `/cgi-bin/message/custom/…`: customer-service messages, for people who were in touch lately.

mod message;
mod send;
mod typing;

pub use self::message::{Article, CustomMessage, MenuItem, MiniProgramCard, MusicMessage, VideoMessage};
pub use self::send::{AiContext, SendCustomMessage, Sender};
pub use self::typing::{SetTyping, TypingCommand};
