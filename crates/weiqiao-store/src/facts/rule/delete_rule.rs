//! Staff take a rule away.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const DELETE: &str = "DELETE FROM rule WHERE id = $1";

/// Takes a rule away.
#[derive(Debug, Clone)]
pub struct DeleteRule {
    /// Which one.
    pub id: String,
}

impl Command for DeleteRule {
    const NAME: &'static str = "rule.delete";
    /// Whether there was such a rule.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        Ok(tx.execute(DELETE, params![&self.id]).await? == 1)
    }
}
