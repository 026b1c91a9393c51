//! What may be done only so often in a day.

mod spend;
mod sweep_spending;

pub use spend::{Allowance, Spend, Spent};
pub use sweep_spending::SweepSpending;

pub(super) use spend::spend;
