//! How it goes, for the first page of the console.

mod read_overview;

pub use read_overview::{Notifications, OverviewAnswer, ShownAttempt, read_overview};
