//! `/cgi-bin/user/…`

pub(crate) mod get;
pub(crate) mod info;
pub(crate) mod tag;
