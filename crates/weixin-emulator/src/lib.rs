//! A local WeChat: a library for tests, a server for people.
//!
//! It answers on WeChat's own paths (`/cgi-bin/…`, `/sns/…`, `/wxa/…`, `/connect/…`), so a client in any language runs
//! against it by changing the base address. It is stateful and strict: tokens have generations and lives, codes work
//! once, quotas run out, and refusals carry WeChat's own errcode, text and request id.
//!
//! ```
//! use std::time::Duration;
//! use weixin_emulator::{CodeKind, Emulator, Fault, Scope};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let emulator = Emulator::start().await;
//! let code = emulator.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::UserInfo));
//! emulator.fault(Fault::on("/sns/oauth2/access_token").errcode(-1));
//! let report = emulator.say("xiaoming", "official", "hello").await; // signed, posted, the reply checked
//! assert!(report.attempts.is_empty(), "no callback address is set");
//! emulator.advance(Duration::from_secs(7200));
//! assert_eq!(emulator.calls("/cgi-bin/token"), 0);
//! # let _ = (emulator.url(), code);
//! # }
//! ```
//!
//! # What it deliberately does not know
//!
//! The SDK: it shares only `weixin-proto` with it and composes every answer from its own templates, so a mistake in the
//! SDK's types cannot hide here. The service: it knows no database and no product. What WeChat does that this does not
//! is a list in the README.
//!
//! # Map
//!
//! | module | holds |
//! |---|---|
//! | `state/` | what the emulated WeChat remembers, one file per thing, pure |
//! | `endpoints/` | WeChat's API, one file per path in the tree of the paths |
//! | `engine/` | the world, clock, faults and ledger behind one lock; every verb of tests and control API |
//! | `delivery/` | callbacks: every message and event, modes and signatures, attempts, the reply read strictly |
//! | `http/`, `control/`, `pages/` | router and listener, `/_emulator/…`, consent page and the rest people see |
//! | `clock`, `random`, `fault`, `patch`, `ledger` | own time, seeded ids, failures, calls |
//! | `answer`, `multipart`, `refusals` | JSON and files as WeChat writes them, uploads, texts |
//! | `settings`, `config` | timing constants and disputed facts; the TOML file |
//!
//! # Adding an endpoint
//!
//! One file under `endpoints/` in the tree of WeChat's path, with `const ENDPOINT` and `fn run`; its name in the
//! folder's `mod.rs`; one line in `endpoints::ENDPOINTS`; a test in `tests/it`. A message or event is one row in the
//! file of its area under `delivery/catalogue/`.

mod answer;
mod clock;
mod config;
mod control;
mod delivery;
mod emulator;
mod endpoints;
mod engine;
mod errtext;
mod fault;
mod http;
mod ledger;
mod multipart;
mod pages;
mod patch;
mod picture;
mod random;
mod refusals;
mod security;
mod settings;
mod state;

pub use clock::TimeSource;
pub use config::{AgreementSeed, Config};
pub use delivery::catalogue::{CallbackKind, callback_kinds};
pub use delivery::options::{Act, DeliveryOptions};
pub use delivery::report::{
    DeliveredReply, DeliveryAttempt, DeliveryFormat, DeliveryMode, DeliveryOutcome, DeliveryReport, GivenResponse,
    SentRequest, SignatureSteps, Verification,
};
pub use delivery::scan::{FollowReport, Scan};
pub use emulator::{Builder, Emulator, StartError};
pub use engine::{CallbackSettings, ClockView, ControlError, Engine, PersonaView, StolenToken};
pub use engine::{OpenDataKind, SealedData};
pub use fault::Fault;
pub use http::router;
pub use ledger::{LedgerEntry, TokenUse};
pub use security::{PlatformCertificate, platform_certificate};
pub use settings::{
    AbsentState, ControlCharacters, Denied, JsonList, RetiredRules, RidStyle, Settings, StateAlphabet, TicketRepeat,
    TokenRid,
};
pub use state::account::{Account, AccountKind, AccountSeed};
pub use state::api_security::{ApiSecurity, AsymmetricKey, AsymmetricKind, SymmetricKey, SymmetricKind};
pub use state::code::{CodeKind, Scope};
pub use state::contact::Interaction;
pub use state::inbox::{Channel, ReceivedMessage};
pub use state::mini_program::{MiniProgram, NfcModel};
pub use state::persona::{Persona, PersonaSeed, Platform};
pub use state::staff::StaffAct;
pub use state::token::{TokenLine, TokenStatus};
