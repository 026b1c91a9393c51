//! Subscribe messages.

pub(super) mod send;
