//! `/cgi-bin/openapi/…`

pub(crate) mod quota;
pub(crate) mod rid;
