//! Requests that must not be done twice: known by a key, for as long as their rows are kept.
//!
//! [`Once`] does any command once for a key and keeps, sealed and in the same commit, what its caller is told; whoever repeats
//! the request is told that. Messages keep their answer with themselves ([`message`](super::message)): they have none before
//! WeChat said something.

mod once;
mod sweep_idempotency;
mod use_key;

pub use once::{KeyOwner, Once, OnceOutcome};
pub use sweep_idempotency::SweepIdempotency;
pub use use_key::IdempotencyKey;

pub(super) use use_key::{KeyUse, forget_answers, forget_key, point_key, use_key};
