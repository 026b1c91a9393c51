//! The first value of a name holds for ever.

use super::find_setting::FIND;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const PUT: &str = "INSERT INTO setting (name, value, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";

/// Writes a value under a name that has none yet. When several instances start at once, all of them learn the one that
/// was written.
#[derive(Debug, Clone)]
pub struct PutSettingOnce {
    /// Its name.
    pub name: String,
    /// The value, if this is the first.
    pub value: Vec<u8>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What is written under the name now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutOnce {
    /// The value that holds.
    pub value: Vec<u8>,
    /// Whether this command wrote it.
    pub written: bool,
}

impl Command for PutSettingOnce {
    const NAME: &'static str = "setting.put_once";
    type Output = PutOnce;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<PutOnce, StoreError> {
        let written = tx.execute(PUT, params![&self.name, &self.value, self.now]).await? == 1;
        let value = tx.query_one(FIND, params![&self.name]).await?.bytes()?;
        Ok(PutOnce { value, written })
    }
}
