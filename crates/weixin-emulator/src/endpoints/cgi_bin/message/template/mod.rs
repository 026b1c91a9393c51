//! `/cgi-bin/message/template/…`

pub(crate) mod send;
pub(crate) mod subscribe;
