//! Logins handed over from a computer to a phone and back: begun in one browser, confirmed in another.

mod begin_handover;
mod decide_handover;
mod find_handover;
mod finish_handover;
mod scan_handover;
mod sweep_handovers;

use std::str::FromStr;

pub use begin_handover::BeginHandover;
pub use decide_handover::DecideHandover;
pub use find_handover::{FindHandover, StoredHandover};
pub use finish_handover::{FinishHandover, HandoverEnd};
pub use scan_handover::ScanHandover;
pub use sweep_handovers::SweepHandovers;

/// How far a hand-over is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandoverStatus {
    /// The QR code is shown.
    Waiting,
    /// A phone opened it.
    Scanned,
    /// The phone agreed.
    Confirmed,
    /// The phone refused.
    Declined,
}

/// A stored word that is no status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the status of a hand-over")]
pub struct UnknownStatus;

impl FromStr for HandoverStatus {
    type Err = UnknownStatus;

    fn from_str(word: &str) -> Result<Self, UnknownStatus> {
        match word {
            "waiting" => Ok(Self::Waiting),
            "scanned" => Ok(Self::Scanned),
            "confirmed" => Ok(Self::Confirmed),
            "declined" => Ok(Self::Declined),
            _ => Err(UnknownStatus),
        }
    }
}
