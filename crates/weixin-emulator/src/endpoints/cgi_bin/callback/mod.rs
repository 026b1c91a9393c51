//! `/cgi-bin/callback/…`

pub(crate) mod check;
