//! Values were sealed anew.

use super::SealedColumn;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// Replaces values by the same under another key. What changed meanwhile stays as it is: it was sealed with a newer key.
#[derive(Debug, Clone)]
pub struct ReplaceSealed {
    /// Where.
    pub column: &'static SealedColumn,
    /// The values, few enough for one small commit.
    pub values: Vec<Resealed>,
}

/// A value under another key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resealed {
    /// Which row.
    pub key: [String; 2],
    /// What it was.
    pub old: Vec<u8>,
    /// What it is now.
    pub new: Vec<u8>,
}

impl Command for ReplaceSealed {
    const NAME: &'static str = "sealed.replace";
    /// How many were replaced.
    type Output = u64;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<u64, StoreError> {
        let statement = |value: &Resealed| {
            let [first, second] = &value.key;
            (self.column.replace, params![first, second, &value.old, &value.new])
        };
        Ok(tx.batch(self.values.iter().map(statement).collect()).await?.into_iter().sum())
    }
}
