//! Staff say who is an advisor.

use serde_json::json;
use weiqiao_model::AccountKind;
use weiqiao_store::facts::advisor::SaveAdvisor;
use weiqiao_store::facts::audit::Audited;

use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::Result;
use crate::usecase::callback::who;

/// An advisor.
#[derive(Clone)]
pub struct AdvisorInput<'a> {
    /// Another mini program than the default one.
    pub account: Option<&'a str>,
    /// The client's name for them.
    pub advisor_id: String,
    /// Who may subscribe for them; nothing: whoever does first.
    pub openid: Option<String>,
}

/// Makes an advisor known, or says anew who may subscribe for them. Subscriptions of anybody else for them end.
///
/// # Errors
///
/// `NotFound` for an account that is no mini program.
pub async fn save_advisor(app: &App, actor: impl Into<Actor>, input: AdvisorInput<'_>) -> Result<()> {
    let account = app.accounts().pick(AccountKind::Mini, input.account)?;
    let app_id = account.app_id().as_str();
    let openid_index = input.openid.and_then(|openid| who(app, app_id, &openid));
    let detail = json!({ "account": account.name.as_str(), "bound": openid_index.is_some() });
    let entry = app.audit_entry(actor, Deed::AdvisorChanged, "advisor", &input.advisor_id, &detail);
    let save = SaveAdvisor { app_id: app_id.to_owned(), id: input.advisor_id, openid_index, now: app.now_ms() };
    Ok(app.store().run(Audited::new(save, entry, |()| true)).await?)
}
