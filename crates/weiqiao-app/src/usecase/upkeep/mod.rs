//! Housekeeping: what nobody needs any more is forgotten.

mod sweep;

pub use sweep::{EVERY, Swept, sweep};
