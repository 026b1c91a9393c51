//! The audit chain: who did what, and whether it is as it was written.

pub(super) mod list;
pub(super) mod verify;
