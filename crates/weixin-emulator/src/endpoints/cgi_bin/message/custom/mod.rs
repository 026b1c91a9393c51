//! `/cgi-bin/message/custom/…`: customer-service messages.

mod body;
pub(crate) mod send;
pub(crate) mod typing;
