//! The contract of the crate, run on both drivers, and what happens when Redis is away, slow, flushed or poisoned.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub
)]

mod contract;
mod outage;
mod poison;
mod support;
