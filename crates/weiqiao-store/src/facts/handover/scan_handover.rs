//! A phone opened the QR code.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SCAN: &str =
    "UPDATE login_handover SET status = 'scanned' WHERE hash = $1 AND status = 'waiting' AND expires_at > $2";

/// Lets the computer say that the code was scanned. Scanning again changes nothing.
#[derive(Debug, Clone)]
pub struct ScanHandover {
    /// The hash of the ticket.
    pub hash: String,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for ScanHandover {
    const NAME: &'static str = "handover.scan";
    /// Whether it was the first scan.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(SCAN, params![&self.hash, self.now]).await? == 1)
    }
}
