//! Staff say who is an advisor.

use weiqiao_model::AccountKind;
use weiqiao_store::facts::advisor::SaveAdvisor;

use crate::App;
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

/// Makes an advisor known, or says anew who may subscribe for them. Subscriptions of earlier owners stay.
///
/// # Errors
///
/// `NotFound` for an account that is no mini program.
pub async fn save_advisor(app: &App, input: AdvisorInput<'_>) -> Result<()> {
    let account = app.accounts().pick(AccountKind::Mini, input.account)?;
    let app_id = account.app_id().as_str();
    let openid_index = input.openid.and_then(|openid| who(app, app_id, &openid).into_iter().next());
    let save = SaveAdvisor { app_id: app_id.to_owned(), id: input.advisor_id, openid_index, now: app.now_ms() };
    Ok(app.store().run(save).await?)
}
