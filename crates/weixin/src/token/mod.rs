//! Tokens and tickets: what they are, who keeps them, how they are fetched.
//!
//! A [`TokenSource`] keeps them; a [`TokenFetcher`] gets a new one from WeChat. [`MemoryTokenSource`] keeps them in this
//! process; a service of several processes brings a source that shares them.

mod fetcher;
mod memory;
mod schedule;

use futures_util::future::BoxFuture;
use weixin_proto::AccessTokenValue;

pub use self::fetcher::{FetchedToken, TokenFetcher};
pub use self::memory::MemoryTokenSource;
pub use self::schedule::refresh_at_ms;
use crate::{Account, Error};

/// The three things WeChat hands out for two hours at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TokenKind {
    /// The account's access token, needed by nearly every call.
    Access,
    /// The ticket pages are signed with for the JS-SDK.
    JsapiTicket,
    /// The ticket cards are signed with.
    CardTicket,
}

impl TokenKind {
    /// A stable word for storage keys, logs and metrics: `access`, `jsapi_ticket`, `card_ticket`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::JsapiTicket => "jsapi_ticket",
            Self::CardTicket => "card_ticket",
        }
    }
}

/// A token or ticket as its source holds it.
#[derive(Debug, Clone)]
pub struct Token {
    /// What goes over the wire.
    pub value: AccessTokenValue,
    /// Counts the replacements of this token; a newer token has a higher number. Starts at 1.
    pub generation: u64,
    /// When WeChat stops accepting it, in milliseconds since the Unix epoch.
    pub expires_at_ms: i64,
}

/// Keeps tokens for the client, and decides when a new one is fetched.
pub trait TokenSource: Send + Sync {
    /// A token believed to be good now. While one is being replaced early, the older one is served as long as it lives.
    fn get<'a>(
        &'a self,
        fetch: &'a TokenFetcher,
        account: &'a Account,
        kind: TokenKind,
    ) -> BoxFuture<'a, Result<Token, Error>>;

    /// The token `used` was refused by WeChat: a newer one, please.
    ///
    /// If the source already holds a token of a higher generation it gives that; else it fetches, once for all who ask.
    /// Dropping whatever is held at the moment would throw away a good token that came in between.
    fn replace<'a>(
        &'a self,
        fetch: &'a TokenFetcher,
        account: &'a Account,
        kind: TokenKind,
        used: &'a Token,
    ) -> BoxFuture<'a, Result<Token, Error>>;

    /// WeChat refused a token, and `fresh`, which it had just given in its place, as well; `refusal` is what it said.
    ///
    /// Fetching yet another at once would not help. The client that tells this fetches nothing for a minute, then for ten;
    /// a source that several processes share has all of them rest. Does nothing unless written otherwise.
    fn rejected<'a>(
        &'a self,
        account: &'a Account,
        kind: TokenKind,
        fresh: &'a Token,
        refusal: &'a Error,
    ) -> BoxFuture<'a, ()> {
        let _ = (account, kind, fresh, refusal);
        Box::pin(std::future::ready(()))
    }
}
