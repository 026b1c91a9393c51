//! The typed async WeChat SDK: official accounts, mini programs and website logins.
//!
//! # What it is for
//!
//! One [`Client`], cheap to clone, calls WeChat's server interface for any number of accounts. An endpoint is a type;
//! sending one gives its response or an [`Error`] that says what happened and what may be done about it. Access tokens
//! and tickets come and go by themselves.
//!
//! ```
//! use weixin::api::sns::{ExchangeCode, FetchUserProfile};
//! use weixin::oauth::{AuthorizeUrl, Scope};
//! use weixin::{Account, Client};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let wechat = weixin_emulator::Emulator::start().await;
//! # let client = Client::builder().all_bases(wechat.url().parse()?).build()?;
//! # /*
//! let client = Client::builder().build()?;
//! # */
//! let account = Account::new("wx1111111111111111".into(), "11111111111111111111111111111111".into());
//!
//! // Send the person here …
//! let back = "http://localhost:3001/wechat/callback";
//! let link = AuthorizeUrl::new(account.app_id(), back, Scope::UserInfo, "5Dq1vTGZ4k").build(client.bases())?;
//! assert!(link.contains("/connect/oauth2/authorize?appid=wx1111111111111111&"));
//!
//! // … and they come back with a code.
//! # let scope = weixin_emulator::Scope::UserInfo;
//! # let code = wechat.persona_code("xiaoming", "official", weixin_emulator::CodeKind::OAuth(scope));
//! let token = client.send(&account, ExchangeCode { code: code.into() }).await?;
//! let profile = FetchUserProfile {
//!     access_token: token.access_token,
//!     openid: token.openid,
//!     lang: Default::default(),
//! };
//! let person = client.send(&account, profile).await?;
//! assert_eq!(person.nickname, "小明");
//! # Ok(()) }
//! ```
//!
//! The account's own token needs no line of code: it is fetched when the first call needs it, shared by all callers,
//! renewed before it expires, and replaced when another program has retired it.
//!
//! ```
//! # use weixin::{Account, Client};
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let wechat = weixin_emulator::Emulator::start().await;
//! # let client = Client::builder().all_bases(wechat.url().parse()?).build()?;
//! # let account = Account::new("wx1111111111111111".into(), "11111111111111111111111111111111".into());
//! use weixin::api::cgi_bin::GetApiDomainIp;
//!
//! client.send(&account, GetApiDomainIp {}).await?;
//! wechat.steal_token("official");
//! client.send(&account, GetApiDomainIp {}).await?;
//! assert_eq!(wechat.calls("/cgi-bin/stable_token"), 2);
//!
//! let config = client.sign_js_sdk(&account, "http://localhost:3001/page?from=singlemessage#top").await?;
//! assert_eq!(config.nonce_str.len(), 16);
//! # Ok(()) }
//! ```
//!
//! What has no type here yet goes the same way without one, and what is refused says why:
//!
//! ```
//! # use weixin::{Account, Client};
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let wechat = weixin_emulator::Emulator::start().await;
//! # let client = Client::builder().all_bases(wechat.url().parse()?).build()?;
//! # let account = Account::new("wx1111111111111111".into(), "11111111111111111111111111111111".into());
//! use serde_json::json;
//! use weixin::{ErrCode, Retry};
//!
//! let query = json!({ "cgi_path": "/cgi-bin/user/info" });
//! let answer = client.raw(&account).repeatable().post_json("/cgi-bin/openapi/quota/get", &query).await?;
//! assert_eq!(answer["errcode"], 0);
//!
//! let error = client.raw(&account).get("/cgi-bin/user/info", &[("openid", "nobody")]).await.unwrap_err();
//! assert_eq!(error.errcode(), Some(ErrCode::INVALID_OPENID));
//! assert_eq!(error.retry(), Retry::Never);
//! assert!(error.rid().is_some());
//! # Ok(()) }
//! ```
//!
//! # Promises
//!
//! - **Vendor code first.** HTTP status and content type decide nothing; `errcode` does, then the promised fields. An
//!   empty answer, `{}` or a page of HTML is never a success.
//! - **Certain or said so.** A request that may have had its effect although no answer was read is
//!   [`ErrorKind::Uncertain`], and is never sent twice. Only what certainly did not leave, and what an endpoint's
//!   [`Spec`] calls repeatable, is tried again: at most [`RetryPolicy::tries`] times and for a tenth of all calls.
//! - **The token that was used.** 40001, 40014 and 42001 replace exactly the token the call went out with, once for all
//!   callers, and the call is sent once more. A second refusal ends it, and a wrong secret makes at most three fetches in
//!   ten minutes.
//! - **No secret leaves.** Secrets have no `Display` and a fixed `Debug`; no error, log line or metric holds a URL, a
//!   query or a token.
//! - **Bounded.** Connections in 2 s, answers in 5 s and within 1 MiB, files in 60 s and within what their endpoint says,
//!   64 calls of an account in flight; no redirects, no proxy from the environment, no compression.
//!
//! # What it deliberately does not know
//!
//! No database, no product, no user of yours. It keeps nothing but tokens, in memory; a service of several processes
//! shares them by bringing its own [`TokenSource`]. Which pages may be signed and where a login may return to is the
//! caller's decision. The wall clock, randomness and waiting come in through [`Clock`], [`Rng`] and [`Sleeper`].
//!
//! # Map
//!
//! | module | holds |
//! |---|---|
//! | [`api`] | the endpoints, one file each, in the tree of WeChat's paths |
//! | `endpoint` | [`Endpoint`] and [`Spec`]: the shape of those files |
//! | `catalogue` | [`catalogue()`]: the facts of all endpoints |
//! | `client` | the one path every call takes: encode, token, transport, vendor code, body, retries |
//! | [`token`] | [`TokenSource`], [`TokenFetcher`], [`MemoryTokenSource`] |
//! | [`oauth`] | links that start a login, and [`OAuth`](oauth::OAuth): codes into people, each exchanged once |
//! | `axum` | with feature `axum`: a layer that protects pages, extractors for people and for verified callbacks |
//! | [`menu`] | buttons of a menu, and all their limits |
//! | [`security`] | API security: calls encrypted and signed with the keys of an account |
//! | `jssdk` | [`Client::sign_js_sdk`] |
//! | `account`, `error`, `env`, `file` | [`Account`]; [`Error`]; [`Clock`], [`Rng`], [`Sleeper`]; [`File`], [`Part`] |
//!
//! # Metrics and logs
//!
//! Through the `metrics` facade: `weixin_calls_total{endpoint,outcome}`, `weixin_call_duration_seconds{endpoint}`,
//! `weixin_retries_total{endpoint,after}`, `weixin_token_fetches_total{kind,outcome}`,
//! `weixin_answers_repaired_total{endpoint}`, `weixin_breaker_open`, `weixin_breaker_opened_total`,
//! `weixin_bad_certificates_total`. An endpoint is a path of the catalogue, or `raw`. Through `tracing`: one
//! `debug` event per call, and an `error` when WeChat stops accepting an account and a person has to look.
//!
//! # Adding an endpoint
//!
//! Write `api/<family>/<area>/<name>.rs` after the example of its neighbours: first line the HTTP line, what the call is
//! for, WeChat's page; request, [`Endpoint::SPEC`], response, a test against the documented example. Name it in the
//! folder's `mod.rs`, add it to the [`catalogue()`], and send it once in `tests/it/conformance.rs`. Three tests tell
//! what you forgot.

mod account;
pub mod api;
#[cfg(feature = "axum")]
pub mod axum;
mod catalogue;
mod client;
mod endpoint;
mod env;
mod error;
mod file;
mod jssdk;
pub mod menu;
pub mod oauth;
pub mod security;
pub mod token;
mod wire;

pub use weixin_proto as proto;
pub use weixin_proto::{
    AccessTokenValue, AppId, AppSecret, ErrCode, OneTimeCode, OpenId, RefreshTokenValue, SessionKey, UnionId,
};

pub use self::account::{Account, TokenMode};
pub use self::catalogue::catalogue;
pub use self::client::{Bases, BuildError, Client, ClientBuilder, Raw, Reachability, Resolver, RetryPolicy};
pub use self::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
pub use self::env::{Clock, OsRng, Rng, Sleeper, SystemClock, TokioSleeper};
pub use self::error::{Error, ErrorKind, Instead, Refusal, Retry};
pub use self::file::{File, Part};
pub use self::jssdk::JsSdkConfig;
pub use self::token::{FetchedToken, MemoryTokenSource, Token, TokenFetcher, TokenKind, TokenSource};
