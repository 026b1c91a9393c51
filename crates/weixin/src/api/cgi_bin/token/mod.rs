//! `/cgi-bin/token` and `/cgi-bin/stable_token`: the account's access token.
//!
//! The client's [`TokenSource`](crate::TokenSource) calls these; a service seldom does.

mod get;
mod stable;

pub use self::get::{AccessToken, GetToken};
pub use self::stable::GetStableToken;
