//! The use cases, on real engines with an emulated WeChat: SQLite and in-process coordination always, Postgres and Redis
//! when they are there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub
)]

mod api_key;
mod audit;
mod callback;
mod canary;
mod encryption;
mod health;
mod jssdk;
mod late_message;
mod login_code;
mod login_page;
mod login_silence;
mod mini;
mod outage;
mod people;
mod receiver;
mod rotation;
mod session;
mod staff;
mod start;
mod support;
mod takeover;
mod template_values;
mod tokens;
mod upkeep;
mod user;
mod webhook;
mod worker;
