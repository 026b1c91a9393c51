//! Several instances: the real program, three times, on Postgres and Redis, while things go wrong around it.
//! `docs/instances.md` says what is promised and which of these tests shows it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    clippy::print_stdout,
    missing_docs
)]

mod callbacks;
mod drain;
mod jobs;
mod postgres;
mod redis;
mod roles;
mod secret;
mod tokens;
mod wechat;
