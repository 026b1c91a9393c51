//! The client against a WeChat of a few lines (`stub`), where what is tested is the wire itself, and against the
//! emulator, where it is WeChat's behaviour.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod axum_callbacks;
mod axum_pages;
mod bombs;
mod breaker;
mod certificates;
mod conformance;
mod conformance_audience;
mod conformance_messages;
mod conformance_mini;
mod conformance_staff;
mod connections;
mod cool_down;
mod emulated;
mod faults;
mod journeys;
mod limits;
mod menus;
mod oauth;
mod protected;
mod redaction;
mod replacement;
mod retries;
mod signing;
mod support;
mod tokens;
mod wire;
