//! Looking at work that is done later, and having a say in it: for staff, across all kinds.

mod change_job;
mod holds;
mod list_jobs;
mod recover_jobs;

pub use change_job::{cancel_job, retry_job};
pub use holds::{list_holds, release_hold};
pub use list_jobs::{JobFilter, ListedAttempt, ListedJob, ListedJobs, find_job, list_jobs};
pub use recover_jobs::{Recover, recover_jobs};

pub(crate) use change_job::{cancel_as, done, refuse, retry_as};
