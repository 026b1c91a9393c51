//! The facts: one file each, the statements beside the code that runs them.
//!
//! To add one: a file `<noun>/<verb_noun>.rs` with a [`Command`](crate::Command) or a [`Query`](crate::Query), a
//! `mod` and a `pub use` line in `<noun>/mod.rs`, its contract test in `tests/it`. `docs/storage.md` says what one SQL text
//! for two engines may contain.

use weiqiao_model::first_id_at;

pub mod action;
pub mod advisor;
pub mod api_key;
pub mod audit;
pub mod auth_record;
pub mod code;
pub mod follow_up;
pub mod follower;
pub mod handover;
pub mod idempotency;
pub mod identity;
pub mod inbox;
pub mod job;
pub mod lead;
pub mod login;
pub mod login_guard;
pub mod message;
pub mod notification;
pub mod oauth_token;
pub mod overview;
pub mod rule;
pub mod sealed;
pub mod session;
pub mod session_key;
pub mod setting;
pub mod spending;
pub mod staff;
pub mod state;
pub mod subscription;
pub mod token;
pub mod webhook;

/// Where to begin looking for what was made at `since` or later, epoch milliseconds: ids begin with the time they were made, so
/// the primary key is the index by age. The time in the row decides; it is a little later than the one in its id.
fn ids_since(since: Option<i64>) -> String {
    /// Longer than any request takes, milliseconds.
    const BEFORE_THE_ROW: i64 = 600_000;
    since.map_or_else(String::new, |since| first_id_at(since.saturating_sub(BEFORE_THE_ROW)))
}

/// How many rows a page has, and how many come before it.
fn window(page: u32, page_size: u32) -> (i64, i64) {
    let size = i64::from(page_size.clamp(1, 200));
    (size, i64::from(page.max(1) - 1) * size)
}
