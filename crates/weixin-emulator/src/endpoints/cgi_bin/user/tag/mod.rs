//! `/cgi-bin/user/tag/…`

pub(crate) mod get;
