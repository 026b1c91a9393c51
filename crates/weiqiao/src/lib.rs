//! The service as one program: settings, log, composition, commands.
//!
//! # What it is for
//!
//! The only crate that names concrete backends. It reads settings ([`config`]), starts the log ([`logging`]), joins
//! store, coordination, SDK, use cases and router ([`compose()`]), runs them until somebody says stop ([`Service`]), and
//! offers what operators need at a terminal ([`cli`]).
//!
//! The playground `weiqiao-dev` uses it as a library, with settings given in code and an emulated WeChat.
//!
//! # Callbacks answered by Rust functions
//!
//! ```no_run
//! use weiqiao::{Ctx, Handlers, Subscribe, Text};
//!
//! fn main() -> std::process::ExitCode {
//!     let handlers = Handlers::new()
//!         .on_text(async |text: Text, _: Ctx| (text.content == "ping").then_some("pong"))
//!         .on_subscribe(async |_: Subscribe, ctx: Ctx| format!("欢迎关注 {}", ctx.account()));
//!     weiqiao::run(handlers)
//! }
//! ```
//!
//! The program has every command of `weiqiao`; `serve` answers callbacks with these functions, after the rules and the
//! webhooks. See [`Handlers`] and `docs/callbacks.md`.
//!
//! # What it deliberately does not know
//!
//! How anything is done: no SQL, no WeChat path, no route. And no emulator: production must not hold one.
//!
//! # Map
//!
//! | module | holds |
//! |---|---|
//! | [`config`] | where settings come from, what they mean, what is wrong with them |
//! | [`logging`] | one redacted line per event |
//! | [`run`] | the same program with Rust functions that answer callbacks |
//! | [`compose()`], [`Options`] | settings in, a [`Service`] out |
//! | [`Service`] | listeners, upkeep, the graceful stop |
//! | [`Signals`] | stop, stop now, read the log level again |
//! | [`process`] | file modes and core dumps |
//! | [`cli`] | the commands |
//! | [`lang`] | Chinese or English |
//!
//! # How to add the next one
//!
//! A setting: see [`config`]. A command: one file in `cli/commands/`, one variant in `cli/mod.rs`, one row in its test.

pub mod cli;
mod compose;
pub mod config;
mod first_admin;
pub mod lang;
pub mod logging;
mod metrics;
pub mod process;
mod service;
mod signals;
mod upkeep;

pub use cli::main as run;
pub use compose::{ComposeError, Core, Options, Part, compose, core};
pub use service::{Ended, Service};
pub use signals::Signals;
pub use weiqiao_app::handlers::{
    Ctx, Extract, File, HandlerError, Handlers, Image, IntoReply, Link, Location, LocationReport, MenuClick,
    MiniProgramPage, Raw, Reply, Scan, ShortVideo, Subscribe, Text, Unsubscribe, Video, Voice,
};
