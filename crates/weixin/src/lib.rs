//! The typed async WeChat SDK.

#![deny(rustdoc::broken_intra_doc_links)]

mod account;
pub mod api;
mod catalogue;
mod client;
mod endpoint;
mod env;
mod error;
mod jssdk;
pub mod oauth;
pub mod token;
mod wire;

pub use weixin_proto as proto;
pub use weixin_proto::{
    AccessTokenValue, AppId, AppSecret, ErrCode, OneTimeCode, OpenId, RefreshTokenValue, SessionKey, UnionId,
};

pub use self::account::{Account, TokenMode};
pub use self::catalogue::catalogue;
pub use self::client::{Bases, BuildError, Client, ClientBuilder, Raw, RetryPolicy};
pub use self::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
pub use self::env::{Clock, OsRng, Rng, Sleeper, SystemClock, TokioSleeper};
pub use self::error::{Error, ErrorKind, Refusal, Retry};
pub use self::jssdk::JsSdkConfig;
pub use self::token::{FetchedToken, MemoryTokenSource, Token, TokenFetcher, TokenKind, TokenSource};
