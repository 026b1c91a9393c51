//! A value changes, unless somebody changed it meanwhile.

use crate::facts::audit::{NewAudit, append};
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const REPLACE: &str = "UPDATE setting SET value = $3 WHERE name = $1 AND value = $2";

/// Replaces a value by what was made from it.
#[derive(Debug, Clone)]
pub struct ReplaceSetting {
    /// Its name.
    pub name: String,
    /// The value that was read.
    pub seen: Vec<u8>,
    /// The new value.
    pub value: Vec<u8>,
    /// Who did it, written down with it.
    pub audit: Option<NewAudit>,
}

impl Command for ReplaceSetting {
    const NAME: &'static str = "setting.replace";
    /// Whether it was replaced; not when it is another one by now.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let replaced = tx.execute(REPLACE, params![&self.name, &self.seen, &self.value]).await? == 1;
        if let Some(audit) = self.audit.as_ref().filter(|_| replaced) {
            append(tx, audit).await?;
        }
        Ok(replaced)
    }
}
