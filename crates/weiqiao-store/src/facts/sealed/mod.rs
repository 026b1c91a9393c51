//! Every sealed column, for sealing its values anew after a rotation of the data key.
//!
//! A new sealed column needs a line in [`columns`]; a test compares that list with the schema.

mod columns;
mod count_stale;
mod find_stale;
mod replace_sealed;

pub use columns::{Row, SealedColumn, columns};
pub use count_stale::CountStale;
pub use find_stale::{FindStale, StaleValue};
pub use replace_sealed::{ReplaceSealed, Resealed};
