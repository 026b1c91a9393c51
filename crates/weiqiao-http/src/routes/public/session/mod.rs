//! The caller's own session.

pub(super) mod end;
pub(super) mod read;
