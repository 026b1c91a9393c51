//! The token centre: other programs ask us instead of WeChat.

mod read_token;

pub use read_token::{CentralToken, MIN_LIFE_MS, read_token};
pub use weixin::TokenKind;
