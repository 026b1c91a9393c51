//! Looking at work that is done later, and having a say in it: for staff, across all kinds.

mod change_job;
mod holds;
mod list_jobs;
mod recover_jobs;

use crate::error::{AppError, Result};
use crate::jobs::catalogue;

pub use change_job::{cancel_job, retry_job};
pub use holds::{list_holds, release_hold};
pub use list_jobs::{JobFilter, ListedAttempt, ListedJob, ListedJobs, find_job, list_jobs};
pub use recover_jobs::{Recover, recover_jobs};

pub(crate) use change_job::{cancel_as, done, refuse, retry_as};
pub(crate) use list_jobs::next_attempt;

/// Refuses a kind of work that there is not, and says which there are.
fn check_kind(kind: &str) -> Result<()> {
    let known: Vec<_> = catalogue().iter().map(|entry| entry.name()).collect();
    match known.contains(&kind) {
        true => Ok(()),
        false => Err(AppError::field("kind", "oneof", format!("kind 只能是 {}", known.join("、")))),
    }
}
