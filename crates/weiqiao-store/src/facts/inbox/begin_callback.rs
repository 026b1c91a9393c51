//! A push came whose answer takes time: it is written down before anybody thinks about it.

use super::accept_callback::insert;
use super::effect::apply;
use super::{Effect, NewPush, Receipt};
use crate::facts::job::{NewJob, insert_jobs};
use crate::{Command, StoreError, Transaction};

/// Accepts a push that is not decided yet. Whoever gets [`Receipt::New`] decides, under fence 1, and then
/// [finishes](super::FinishCallback).
#[derive(Debug, Clone)]
pub struct BeginCallback {
    /// What came.
    pub push: NewPush,
    /// What follows from it whatever is decided.
    pub jobs: Vec<NewJob>,
    /// What changes with it.
    pub effects: Vec<Effect>,
    /// Until when nobody else goes on, epoch milliseconds.
    pub lease_until: i64,
}

impl Command for BeginCallback {
    const NAME: &'static str = "inbox.begin";
    type Output = Receipt;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Receipt, StoreError> {
        let receipt = insert(tx, &self.push, None, self.lease_until).await?;
        if receipt == Receipt::New {
            apply(tx, &self.push, &self.effects).await?;
            insert_jobs(tx, &self.jobs).await?;
        }
        Ok(receipt)
    }
}
