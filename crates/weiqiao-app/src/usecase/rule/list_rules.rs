//! Which rules are there?

use weiqiao_model::ApiScope;

use super::in_force::stored;
use crate::App;
use crate::caller::Caller;
use crate::decide::Rule;
use crate::error::Result;
use crate::usecase::staff::Permission;

/// Lists all rules in the order they are asked, resting ones too; those that count for one account, when one is named.
///
/// # Errors
///
/// `NotFound` for an account that is not configured, `Unauthorized` or `Forbidden` for others than staff and keys of administrators, `Unavailable` when the database is down.
pub async fn list_rules(app: &App, caller: &Caller, account: Option<&str>) -> Result<Vec<Rule>> {
    caller.demand(Permission::ReadCallbacks, ApiScope::Admin)?;
    let account = account.map(|name| app.accounts().named(name)).transpose()?;
    let mut rules = app.callbacks().file_rules().to_vec();
    rules.extend(stored(app).await?);
    if let Some(account) = account {
        rules.retain(|rule| rule.draft.account.as_ref().is_none_or(|name| *name == account.name));
    }
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.draft.priority));
    Ok(rules)
}
