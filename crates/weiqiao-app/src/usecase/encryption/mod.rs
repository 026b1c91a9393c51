//! The data keys of the database: learned at the start and while running, rotated, and rows sealed anew under the newest.

mod keys;
mod reseal;
mod rotate;

use std::time::Duration;

pub use keys::refresh_keys;
pub(crate) use keys::settle_keys;
pub use reseal::{Progress, StaleColumn, reseal, reseal_when_due};
pub use rotate::{Encryption, encryption, rotate};

/// How often an instance asks for new data keys: several times before one becomes the current one.
pub const REFRESH_EVERY: Duration = Duration::from_secs(15);

/// The name the wrapped data keys are stored under.
const RING: &str = "vault.ring";

/// The name under which is written which data key every row was sealed anew with.
const RESEALED: &str = "vault.resealed";
