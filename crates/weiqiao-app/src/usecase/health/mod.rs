//! Is everything up?

mod check_health;

pub use check_health::{CacheHealth, DISK_LOW_BYTES, Health, check_health, disk_low};
