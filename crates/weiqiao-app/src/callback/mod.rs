//! What the callbacks of all accounts have in common: keys, rules in force, handlers, and two things worth watching.
//!
//! | file | holds |
//! |---|---|
//! | `settings` | [`CallbackSettings`]: what it is told |
//! | `desk` | [`Desk`]: one receiver per account, the rules in force, the handlers |
//! | `clock_alarm` | whether every callback is stale, so that our own clock must be wrong |
//! | `sources` | the addresses WeChat says its callbacks come from |

mod clock_alarm;
mod desk;
mod settings;
mod sources;

pub use desk::{Counter, Desk};
pub use settings::{AccountCallback, CallbackSettings, SourceCheck};
pub use sources::refresh_sources;
