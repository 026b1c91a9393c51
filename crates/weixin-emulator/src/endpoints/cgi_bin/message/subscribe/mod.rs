//! `/cgi-bin/message/subscribe/…`

pub(crate) mod bizsend;
