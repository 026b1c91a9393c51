//! `/cgi-bin/shorten/…`

pub(crate) mod fetch;
#[path = "gen.rs"]
pub(crate) mod generate;
