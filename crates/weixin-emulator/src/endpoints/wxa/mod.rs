//! `/wxa/…`

pub(crate) mod business;
pub(crate) mod checksession;
pub(crate) mod resetusersessionkey;
mod session_signature;
