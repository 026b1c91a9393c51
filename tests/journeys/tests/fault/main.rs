//! The real program, killed, cut off from its disk and looked at from below, on SQLite and on Postgres.
//! `docs/reliability.md` says what is promised, which of these tests shows it, and how to run the longer forms.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    // The book is compared when nobody writes in it any more.
    clippy::await_holding_lock,
    clippy::disallowed_methods,
    clippy::print_stdout,
    missing_docs
)]

mod fault_disk;
mod fault_kill;
mod fault_migrate;
mod fault_order;
mod fault_points;
mod fault_release;
mod support;
