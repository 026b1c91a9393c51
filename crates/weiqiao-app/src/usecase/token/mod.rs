//! The token centre: other programs ask us instead of WeChat.

mod read_token;
mod token_health;

pub use read_token::{CentralToken, MIN_LIFE_MS, read_token};
pub use token_health::{AccountTokens, HeldJobs, KnownToken, LastError, Standing, TokenHealth, token_health};
pub use weixin::TokenKind;
