//! `/cgi-bin/ticket/…`

pub(crate) mod getticket;
