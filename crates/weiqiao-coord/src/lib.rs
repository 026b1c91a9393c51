//! Short-lived state shared by all instances of the service: in process, or on Redis.
//!
//! Everything here may vanish at any moment. Redis is never the only copy of anything: without it the service is
//! slower, not wrong. So each *meaning* says, method by method, what happens when the shared state does not answer.
//!
//! | Meaning | What it is for | Without Redis |
//! |---|---|---|
//! | [`OneTime`] | values that may be taken once: hand-over tickets | new values are kept in this process; older ones answer [`CoordError::Unavailable`] |
//! | [`Leases`] | one holder at a time, with a fencing number | [`CoordError::Unavailable`]: use the durable lease of the store |
//! | [`Rates`] | requests per time and caller (GCRA) | every instance enforces the limit on its own |
//! | [`Strikes`] | failures in a window: lock-outs | counting goes on in this process from the last shared number |
//! | [`Tokens`] | the newest access token or ticket | nothing is found: read the store |
//! | [`Wakes`] | "something happened, look now" | this process is woken, others find out by their sweep |
//! | [`Cache`] | bytes that can be computed again | nothing is found |
//!
//! What this crate does **not** know: WeChat, accounts, users, SQL, HTTP. Names and keys are given by the caller and
//! are hashed with a secret before they leave the process (see [`Key`]), so neither a secret nor an openid can be read
//! in Redis. Values that are secret must be sealed by the caller; what Redis returns is authenticated, so a value
//! somebody else wrote there is treated as absent.
//!
//! # Map
//!
//! - [`Coord`]: the handle. [`CoordConfig`]: which driver.
//! - `meaning/`: one file per meaning, each on top of the raw operations.
//! - `driver/`: the raw operations ([`Raw`]): `memory/` (bounded, swept) and `redis/` (time limit, breaker, scripts,
//!   subscription).
//!
//! To add a meaning: one file in `meaning/`, one word in [`Meaning`], one method on [`Coord`], its contract test. To add
//! a backend: one folder in `driver/`, one arm in `driver/mod.rs`, one line in the contract suite.

mod config;
mod coord;
mod driver;
mod error;
mod key;
mod meaning;

pub use config::{CoordConfig, RedisConfig, RedisUrl};
pub use coord::{Coord, SharedState};
pub use driver::hub::{Subscription, Wake};
pub use driver::{Gcra, Raw};
pub use error::{Cause, CoordError};
pub use key::{Key, Meaning};
pub use meaning::{
    cache::Cache,
    lease::{Lease, Leases},
    one_time::OneTime,
    rate::{Decision, Limit, Rates},
    strikes::Strikes,
    tokens::{PutToken, SharedToken, Tokens},
    wake::Wakes,
};
