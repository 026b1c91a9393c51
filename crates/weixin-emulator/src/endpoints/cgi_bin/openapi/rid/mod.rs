//! `/cgi-bin/openapi/rid/…`

pub(crate) mod get;
