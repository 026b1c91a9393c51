//! `/wxaapi/…`

pub mod newtmpl;
