//! Any command, and its entry in the chain in the same commit.

use std::fmt;

use super::{NewAudit, append};
use crate::{Command, StoreError, Transaction};

/// A command that is written down when it did something.
pub struct Audited<C: Command> {
    command: C,
    entry: NewAudit,
    happened: fn(&C::Output) -> bool,
}

impl<C: Command> Audited<C> {
    /// `happened` tells by the command's answer whether there is anything to write down.
    pub fn new(command: C, entry: NewAudit, happened: fn(&C::Output) -> bool) -> Self {
        Self { command, entry, happened }
    }
}

impl<C: Command> fmt::Debug for Audited<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Audited").field("command", &C::NAME).field("deed", &self.entry.deed).finish_non_exhaustive()
    }
}

impl<C: Command> Command for Audited<C> {
    const NAME: &'static str = C::NAME;
    type Output = C::Output;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<C::Output, StoreError> {
        let output = self.command.run(tx).await?;
        if (self.happened)(&output) {
            append(tx, &self.entry).await?;
        }
        Ok(output)
    }
}
