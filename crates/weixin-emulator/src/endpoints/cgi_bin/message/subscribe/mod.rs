//! `/cgi-bin/message/subscribe/…`

pub(crate) mod bizsend;
pub(crate) mod send;
