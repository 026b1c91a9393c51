//! Any command, and its entry in the chain in the same commit.

use std::fmt;

use super::{NewAudit, append};
use crate::{Command, StoreError, Transaction};

/// What is to be written down, by the command's answer.
type Entry<O> = Box<dyn Fn(&O) -> Option<NewAudit> + Send + Sync>;

/// A command that is written down when it did something.
pub struct Audited<C: Command> {
    command: C,
    entry: Entry<C::Output>,
}

impl<C: Command> Audited<C> {
    /// `happened` tells by the command's answer whether there is anything to write down.
    pub fn new(command: C, entry: NewAudit, happened: fn(&C::Output) -> bool) -> Self {
        Self::with(command, move |output| happened(output).then(|| entry.clone()))
    }

    /// `entry` makes the entry of the command's answer; `None`: nothing happened.
    pub fn with(command: C, entry: impl Fn(&C::Output) -> Option<NewAudit> + Send + Sync + 'static) -> Self {
        Self { command, entry: Box::new(entry) }
    }
}

impl<C: Command> fmt::Debug for Audited<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Audited").field("command", &C::NAME).finish_non_exhaustive()
    }
}

impl<C: Command> Command for Audited<C> {
    const NAME: &'static str = C::NAME;
    type Output = C::Output;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<C::Output, StoreError> {
        let output = self.command.run(tx).await?;
        if let Some(entry) = (self.entry)(&output) {
            append(tx, &entry).await?;
        }
        Ok(output)
    }
}
