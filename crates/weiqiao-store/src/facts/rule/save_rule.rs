//! Staff make and change rules.

use super::find_rule::FIND;
use super::{RuleText, StoredRule};
use crate::value::params;
use crate::{Command, StoreError, Transaction};

const ADD: &str = "INSERT INTO rule (id, account, priority, enabled, condition, reply, created_at, updated_at) \
    SELECT $1, $2, $3, $4, $5, $6, $7, $7 WHERE (SELECT count(*) FROM rule) < $8";

const CHANGE: &str = "UPDATE rule SET account = $2, priority = $3, enabled = $4, condition = $5, reply = $6, \
    updated_at = $7 WHERE id = $1";

/// Makes a rule.
#[derive(Debug, Clone)]
pub struct AddRule {
    /// Our id of it.
    pub id: String,
    /// What it says.
    pub text: RuleText,
    /// How many rules there may be.
    pub most: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for AddRule {
    const NAME: &'static str = "rule.add";
    /// Whether there was room for it.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let RuleText { account, priority, enabled, condition, reply } = &self.text;
        let row = params![&self.id, account, *priority, *enabled, condition, reply, self.now, self.most];
        Ok(tx.execute(ADD, row).await? == 1)
    }
}

/// What came of [`ChangeRule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleChange {
    /// It says something else now.
    Changed,
    /// It said that already; nothing was written.
    Same,
    /// There is no such rule.
    Missing,
}

/// Changes a rule, as a whole.
#[derive(Debug, Clone)]
pub struct ChangeRule {
    /// Which one.
    pub id: String,
    /// What it says from now on.
    pub text: RuleText,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for ChangeRule {
    const NAME: &'static str = "rule.change";
    type Output = RuleChange;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<RuleChange, StoreError> {
        let Some(row) = tx.query_opt(FIND, params![&self.id]).await? else { return Ok(RuleChange::Missing) };
        if StoredRule::read(row)?.text == self.text {
            return Ok(RuleChange::Same);
        }
        let RuleText { account, priority, enabled, condition, reply } = &self.text;
        let row = params![&self.id, account, *priority, *enabled, condition, reply, self.now];
        Ok(if tx.execute(CHANGE, row).await? == 1 { RuleChange::Changed } else { RuleChange::Missing })
    }
}
