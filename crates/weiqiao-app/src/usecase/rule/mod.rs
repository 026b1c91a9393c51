//! What is answered to what: rules of staff and of the configuration file.

mod change_rule;
mod in_force;
mod list_rules;
mod test_rules;

use weiqiao_model::AccountName;
use weiqiao_store::facts::rule::{RuleText, StoredRule};

pub use change_rule::{add_rule, change_rule, delete_rule};
pub use in_force::rules_in_force;
pub use list_rules::list_rules;
pub use test_rules::{RuleTest, RuleTestAnswer, test_rules};

use crate::App;
use crate::decide::{Rule, RuleDraft, RuleSource};
use crate::error::{AppError, ErrorKind, FieldProblem, Result, code};

/// A draft as it is stored.
fn text_of(draft: &RuleDraft) -> Result<RuleText> {
    Ok(RuleText {
        account: draft.account.as_ref().map(|name| name.as_str().to_owned()),
        priority: draft.priority,
        enabled: draft.enabled,
        condition: serde_json::to_string(&draft.condition)?,
        reply: serde_json::to_string(&draft.reply)?,
    })
}

/// A stored rule as it is used.
fn rule_of(stored: StoredRule) -> Result<Rule> {
    let StoredRule { id, text, created_at, updated_at } = stored;
    let draft = RuleDraft {
        account: text.account.map(AccountName::new).transpose().map_err(AppError::internal)?,
        priority: text.priority,
        enabled: text.enabled,
        condition: serde_json::from_str(&text.condition)?,
        reply: serde_json::from_str(&text.reply)?,
    };
    Ok(Rule { id, source: RuleSource::Staff, draft, created_at, updated_at })
}

/// One field is wrong.
fn wrong(problem: FieldProblem) -> AppError {
    let text = format!("请求参数错误: {}", problem.message);
    AppError::new(ErrorKind::Invalid(vec![problem]), code::VALIDATION_FAILED, text)
}

/// Reads what staff sent, and checks that the account exists.
fn draft(app: &App, fields: &serde_json::Map<String, serde_json::Value>) -> Result<RuleDraft> {
    let draft = RuleDraft::from_json(fields).map_err(wrong)?;
    if let Some(account) = &draft.account {
        app.accounts().named(account.as_str())?;
    }
    Ok(draft)
}
