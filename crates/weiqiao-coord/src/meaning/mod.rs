//! What the raw operations are used for, and how each use goes on without Redis.

pub(crate) mod cache;
pub(crate) mod lease;
pub(crate) mod one_time;
pub(crate) mod rate;
pub(crate) mod strikes;
pub(crate) mod tokens;
pub(crate) mod wake;
