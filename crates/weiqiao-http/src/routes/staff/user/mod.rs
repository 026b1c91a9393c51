//! People, as staff sees them.

pub(super) mod list;
