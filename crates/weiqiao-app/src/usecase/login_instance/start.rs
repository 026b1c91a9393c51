//! The way to WeChat begins, by the name of an instance.

use url::Url;
use weiqiao_model::random_alnum;

use super::bound_state;
use crate::App;
use crate::error::Result;
use crate::instances::LoginInstance;
use crate::usecase::login::{Begin, Browser, Flow, STATE_CHARACTERS, StartedLogin, begin};

/// How a login is to begin.
#[derive(Debug, Clone)]
pub struct StartInstanceLogin<'a> {
    /// The instance.
    pub instance: &'a str,
    /// The page to come back to; our own page about the person when missing.
    pub target: Option<&'a str>,
    /// Who begins.
    pub browser: &'a Browser,
}

/// Issues a state for this browser, the configured label followed by a nonce of its own, and makes WeChat's address.
///
/// # Errors
///
/// `NotFound` for an unknown instance, `Invalid` with code `REDIRECT_NOT_ALLOWED` when the page is not on the allow-list,
/// `Unavailable` when the database is down.
pub async fn start_instance_login(app: &App, start: StartInstanceLogin<'_>) -> Result<StartedLogin> {
    let instance = app.instances().named(start.instance)?;
    let target = app.redirects().check(start.target.unwrap_or(OWN_PAGE))?;
    let state = format!("{}{}", instance.state_label, random_alnum(app.rng(), STATE_CHARACTERS));
    let begun = Begin {
        account: &instance.account,
        flow: Flow::Instance,
        redirect_uri: instance_url(app, instance, "callback"),
        target,
        scope: instance.scope,
        stored_state: bound_state(instance, &state),
        state,
        browser: start.browser,
    };
    begin(app, begun).await
}

/// Where a login goes when nobody said.
pub(crate) const OWN_PAGE: &str = "/wechat/me";

/// An address of an instance, from the configured public address only: no header of a request has a say in it.
pub(crate) fn instance_url(app: &App, instance: &LoginInstance, rest: &str) -> Url {
    let mut url = app.public_url().clone();
    url.set_path(&format!("{}/auths/loginTypes/{}/{rest}", url.path().trim_end_matches('/'), instance.name));
    url.set_query(None);
    url.set_fragment(None);
    url
}
