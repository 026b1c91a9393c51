//! `/cgi-bin/message/…`

pub(crate) mod custom;
