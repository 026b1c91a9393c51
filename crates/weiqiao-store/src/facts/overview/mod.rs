//! How it goes, in a few numbers.

mod read_overview;

pub use read_overview::{LastAttempt, Overview, ReadOverview};
