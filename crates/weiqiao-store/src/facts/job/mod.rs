//! Work to be done later: sending, asking, delivering.

mod add_jobs;
mod insert_jobs;

pub use add_jobs::AddJobs;
pub use insert_jobs::{NewJob, insert_jobs};
