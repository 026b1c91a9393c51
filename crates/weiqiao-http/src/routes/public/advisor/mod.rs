//! Advisors of a mini program.

pub(super) mod subscribe;
