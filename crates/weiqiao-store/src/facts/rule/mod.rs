//! Rules made by staff: what is answered to what.

mod delete_rule;
mod find_rule;
mod list_rules;
mod save_rule;

pub use delete_rule::DeleteRule;
pub use find_rule::FindRule;
pub use list_rules::ListRules;
pub use save_rule::{AddRule, ChangeRule, RuleChange};

use crate::{Row, StoreError};

/// What staff can say in a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleText {
    /// For one account only, by its name.
    pub account: Option<String>,
    /// The greater goes first.
    pub priority: i64,
    /// Whether it is in force.
    pub enabled: bool,
    /// When, as JSON.
    pub condition: String,
    /// What then, as JSON.
    pub reply: String,
}

/// A rule as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRule {
    /// Our id of it.
    pub id: String,
    /// What it says.
    pub text: RuleText,
    /// When it was made, epoch milliseconds.
    pub created_at: i64,
    /// When it was changed, epoch milliseconds.
    pub updated_at: i64,
}

/// The columns [`StoredRule::read`] reads, in its order.
macro_rules! columns {
    () => {
        "id, account, priority, enabled, condition, reply, created_at, updated_at"
    };
}
use columns;

impl StoredRule {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text()?,
            text: RuleText {
                account: row.opt_text()?,
                priority: row.integer()?,
                enabled: row.flag()?,
                condition: row.text()?,
                reply: row.text()?,
            },
            created_at: row.integer()?,
            updated_at: row.integer()?,
        })
    }
}
