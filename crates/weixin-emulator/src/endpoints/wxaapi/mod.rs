//! `/wxaapi/…`

pub(crate) mod newtmpl;
