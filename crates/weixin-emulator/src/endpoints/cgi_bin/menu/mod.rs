//! `/cgi-bin/menu/…`

pub(crate) mod addconditional;
mod check;
pub(crate) mod create;
pub(crate) mod delconditional;
pub(crate) mod delete;
pub(crate) mod get;
mod rule;
pub(crate) mod trymatch;
pub(crate) mod write;
