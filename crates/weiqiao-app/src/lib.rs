//! The use cases of the service: what it does, without how it is reached.
//!
//! # What it is for
//!
//! A route, a command of the binary or a test builds plain data, calls one function of [`usecase`] with the [`App`] and
//! gets plain data or an [`AppError`] back. Each use case reads as a sentence; what it needs of the world (store,
//! coordination, the SDK, clock, randomness) is in the `App`.
//!
//! # What it deliberately does not know
//!
//! HTTP (status numbers, headers, cookies' flags), SQL, Redis, where settings come from. It names no backend: the binary
//! opens them.
//!
//! # Map
//!
//! | module | holds |
//! |---|---|
//! | [`App`] | the handle every use case is given |
//! | [`settings`] | what it is told, as plain data |
//! | [`error`] | [`AppError`]: kind, stable code word, message, hint |
//! | [`usecase::login`] | web login: state, code, session |
//! | [`usecase::login_instance`] | named login instances: login, and what servers may ask |
//! | [`usecase::handover`] | a login begun on a computer, confirmed on a phone |
//! | [`usecase::mini`] | mini-program login |
//! | [`usecase::session`], [`usecase::user`] | who asks, who is it |
//! | [`usecase::jssdk`] | signing pages |
//! | [`usecase::token`] | the token centre |
//! | [`usecase::callback`], [`usecase::rule`] | what WeChat pushes and what is answered |
//! | [`usecase::inbox`], [`usecase::follower`] | what came, who follows |
//! | [`usecase::advisor`], [`usecase::customer`], [`usecase::message`] | subscriptions, actions and leads, notifications |
//! | [`crm`] | the words and fields of notifications |
//! | [`usecase::staff`], [`usecase::api_key`] | who may administer |
//! | [`audit`], [`usecase::audit`] | who did what: entries of the chain; reading and verifying it |
//! | [`jobs`], [`worker`] | work that is done later: the kinds, the engine |
//! | [`webhook`], [`usecase::webhook`] | events for other programs; managing who gets them |
//! | [`usecase::health`], [`usecase::upkeep`] | is it up; forgetting what is past |
//! | [`decide`], [`handlers`] | rules; Rust functions that answer callbacks |
//! | [`callback`] | keys, rules in force, clock alarm |
//! | [`caller`] | who asks, and demanding rights |
//! | [`accounts`], [`instances`] | the configured accounts and login instances |
//! | [`vault`] | encryption at rest, blind indexes, the key ring |
//! | [`jwt`] | session and staff tokens |
//! | [`tokens`] | access tokens and tickets shared by all instances |
//! | [`redirect`], [`js_url`] | which pages a login may return to, which may be signed for |
//! | [`hint`] | why WeChat refused, here |
//! | [`scrub`] | takes out of a text what must not be seen |
//!
//! # How to add the next one
//!
//! A use case is one file `usecase/<noun>/<verb_noun>.rs` with one async function, its request and answer as plain data,
//! `pub use` in the noun's `mod.rs`, and its test in `tests/it/`.

mod app;
mod china;
mod convert;
mod digest;
mod env;

pub mod accounts;
pub mod audit;
pub mod callback;
pub mod caller;
pub mod crm;
pub mod decide;
pub mod error;
pub mod handlers;
pub mod hint;
pub mod instances;
pub mod jobs;
pub mod js_url;
pub mod jwt;
pub mod password;
pub mod redirect;
pub mod scrub;
pub mod settings;
pub mod tokens;
pub mod usecase;
pub mod vault;
pub mod webhook;
pub mod worker;

pub use app::{App, AppParts, StartError};
pub use audit::Actor;
pub use caller::Caller;
pub use error::{AppError, Dependency, ErrorKind, FieldProblem, Result, WeChatRefusal};
pub use settings::{AccountSettings, AppSettings, AuthMode, SecretSettings, SettingError, SettingSecret};
pub use weiqiao_coord::Limit as RateLimit;
