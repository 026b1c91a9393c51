//! Who follows an account.

pub(super) mod list;
