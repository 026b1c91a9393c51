//! Is everything up?

mod check_health;

pub use check_health::{CacheHealth, Health, check_health};
