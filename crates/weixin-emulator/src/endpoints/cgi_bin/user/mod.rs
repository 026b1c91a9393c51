//! `/cgi-bin/user/…`

pub(crate) mod info;
