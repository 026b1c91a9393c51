//! Work that no other fact makes necessary.

use super::{NewJob, insert_jobs};
use crate::{Command, StoreError, Transaction};

/// Writes jobs down by themselves: a test delivery, a replay.
#[derive(Debug, Clone)]
pub struct AddJobs {
    /// The jobs.
    pub jobs: Vec<NewJob>,
}

impl Command for AddJobs {
    const NAME: &'static str = "job.add";
    type Output = ();

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
        insert_jobs(tx, &self.jobs).await
    }
}
