//! The description of this API, for programs and for people.

pub(super) mod document;
#[cfg(feature = "docs")]
pub(super) mod page;
