//! The rules in force, compiled.

use std::sync::Arc;

use weiqiao_store::facts::rule::ListRules;

use super::rule_of;
use crate::App;
use crate::decide::{Rule, RuleSet};
use crate::error::Result;

/// The rules of the file and of staff. What staff change holds at once here, and within two seconds elsewhere.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn rules_in_force(app: &App) -> Result<Arc<RuleSet>> {
    let (desk, now) = (app.callbacks(), app.now_ms());
    if let Some(rules) = desk.fresh_rules(now) {
        return Ok(rules);
    }
    Ok(desk.keep_rules(stored(app).await?, now))
}

/// The rules of staff, without those that cannot be read.
pub(super) async fn stored(app: &App) -> Result<Vec<Rule>> {
    let stored = app.store().read(ListRules).await?;
    let read = stored.into_iter().filter_map(|stored| {
        let id = stored.id.clone();
        rule_of(stored).inspect_err(|error| tracing::error!(rule = id, %error, "a stored rule cannot be read")).ok()
    });
    Ok(read.collect())
}
