//! Who is an advisor.

pub(super) mod list;
pub(super) mod save;
