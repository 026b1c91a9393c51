//! `/cgi-bin/openapi/quota/…`

pub(crate) mod clear;
pub(crate) mod get;
mod path;
