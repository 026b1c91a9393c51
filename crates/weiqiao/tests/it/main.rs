//! Settings, the running service, and the commands, from the outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub
)]

mod canary;
mod commands;
mod config;
mod log;
mod program;
mod service;
