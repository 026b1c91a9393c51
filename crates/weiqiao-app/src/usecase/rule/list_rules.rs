//! Which rules are there?

use weiqiao_model::ApiScope;

use super::in_force::stored;
use crate::App;
use crate::caller::Caller;
use crate::decide::Rule;
use crate::error::Result;
use crate::usecase::staff::Permission;

/// Lists all rules in the order they are asked, resting ones too.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others than staff and keys of administrators, `Unavailable` when the database is down.
pub async fn list_rules(app: &App, caller: &Caller) -> Result<Vec<Rule>> {
    caller.demand(Permission::ReadCallbacks, ApiScope::Admin)?;
    let mut rules = app.callbacks().file_rules().to_vec();
    rules.extend(stored(app).await?);
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.draft.priority));
    Ok(rules)
}
