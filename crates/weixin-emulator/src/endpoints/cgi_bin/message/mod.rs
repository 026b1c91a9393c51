//! `/cgi-bin/message/…`

pub(crate) mod custom;
mod notification;
pub(crate) mod subscribe;
pub(crate) mod template;
