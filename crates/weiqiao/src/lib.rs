//! The service as one program: settings, log, composition, commands.
//!
//! # What it is for
//!
//! The only crate that names concrete backends. It reads settings ([`config`]), starts the log ([`logging`]), joins
//! store, coordination, SDK, use cases and router.
//!
//! # What it deliberately does not know
//!
//! How anything is done: no SQL, no WeChat path, no route. And no emulator: that is `weiqiao-dev`.

pub mod config;
pub mod lang;
pub mod logging;
