//! Staff make, change and take away rules.

use serde_json::{Map, Value, json};
use weiqiao_model::ApiScope;
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::rule::{AddRule, ChangeRule, DeleteRule, FindRule, RuleChange};

use super::{draft, rule_of, text_of};
use crate::App;
use crate::audit::Deed;
use crate::caller::Caller;
use crate::decide::{MAX_RULES, Rule};
use crate::error::{AppError, ErrorKind, Result, code};
use crate::usecase::staff::Permission;

/// Makes a rule of what staff sent.
///
/// # Errors
///
/// `Unauthorized`, `Forbidden`; `Invalid` naming the field; `NotFound` for an account that does not exist; `Conflict` when
/// there are too many rules.
pub async fn add_rule(app: &App, caller: &Caller, fields: &Map<String, Value>) -> Result<Rule> {
    caller.demand(Permission::ManageRules, ApiScope::Admin)?;
    let text = text_of(&draft(app, fields)?)?;
    let id = app.new_id::<weiqiao_model::id::kind::Job>().into_string();
    let most = i64::try_from(MAX_RULES).unwrap_or(i64::MAX);
    let mut entry = app.audit_entry(caller, Deed::RuleChanged, "rule", &id, &json!({ "what": "created" }));
    entry.after = Some(app.audit_digest(&format!("{text:?}")));
    let add = AddRule { id: id.clone(), text, most, now: app.now_ms() };
    if !app.store().run(Audited::new(add, entry, |added| *added)).await? {
        let message = format!("最多只能有 {MAX_RULES} 条规则");
        return Err(AppError::new(ErrorKind::Conflict, code::TOO_MANY_RULES, message));
    }
    found(app, &id).await
}

/// Changes a rule, as a whole. What is as it was is not written down.
///
/// # Errors
///
/// As [`add_rule`]; `NotFound` when there is no such rule, `Conflict` when it is one of the configuration file.
pub async fn change_rule(app: &App, caller: &Caller, id: &str, fields: &Map<String, Value>) -> Result<Rule> {
    caller.demand(Permission::ManageRules, ApiScope::Admin)?;
    not_of_the_file(app, id)?;
    let text = text_of(&draft(app, fields)?)?;
    let mut entry = app.audit_entry(caller, Deed::RuleChanged, "rule", id, &json!({ "what": "changed" }));
    entry.after = Some(app.audit_digest(&format!("{text:?}")));
    let change = ChangeRule { id: id.to_owned(), text, now: app.now_ms() };
    match app.store().run(Audited::new(change, entry, |change| *change == RuleChange::Changed)).await? {
        RuleChange::Missing => Err(none()),
        RuleChange::Changed | RuleChange::Same => found(app, id).await,
    }
}

/// Takes a rule away.
///
/// # Errors
///
/// `Unauthorized`, `Forbidden`; `NotFound` when there is no such rule, `Conflict` when it is one of the configuration file.
pub async fn delete_rule(app: &App, caller: &Caller, id: &str) -> Result<()> {
    caller.demand(Permission::ManageRules, ApiScope::Admin)?;
    not_of_the_file(app, id)?;
    let entry = app.audit_entry(caller, Deed::RuleChanged, "rule", id, &json!({ "what": "deleted" }));
    let delete = DeleteRule { id: id.to_owned() };
    if !app.store().run(Audited::new(delete, entry, |deleted| *deleted)).await? {
        return Err(none());
    }
    app.callbacks().forget_rules();
    Ok(())
}

async fn found(app: &App, id: &str) -> Result<Rule> {
    app.callbacks().forget_rules();
    rule_of(app.store().read(FindRule { id: id.to_owned() }).await?.ok_or_else(none)?)
}

fn none() -> AppError {
    AppError::not_found(code::NOT_FOUND, "没有这条规则")
}

fn not_of_the_file(app: &App, id: &str) -> Result<()> {
    if app.callbacks().file_rules().iter().any(|rule| rule.id == id) {
        let error = AppError::new(ErrorKind::Conflict, code::RULE_OF_FILE, "这条规则来自配置文件");
        return Err(error.with_hint("请修改配置文件后重启服务。"));
    }
    Ok(())
}
