//! Is it alive, is it ready, how are its parts.

pub(super) mod live;
pub(super) mod ready;
pub(super) mod report;
pub(super) mod word;
