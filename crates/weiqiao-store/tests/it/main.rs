//! The contract of the store: every story is told to both engines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    missing_docs
)]

mod api_key;
mod arrival;
mod audit;
mod auth_record;
mod code;
mod customer;
mod differential;
mod engine;
mod handover;
mod idempotency;
mod identity;
mod inbox;
mod job;
mod job_outcome;
mod job_queue;
mod lead;
mod lock;
mod login;
mod login_guard;
mod message;
mod oauth_token;
mod postgres;
mod rule;
mod schema;
mod sealed;
mod session;
mod session_key;
mod setting;
mod sharing;
mod staff;
mod state;
mod statements;
mod support;
mod tls;
mod token;
mod webhook;
