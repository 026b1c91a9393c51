//! The way to WeChat begins.

use url::Url;
use weiqiao_model::{AccountKind, random_alnum};
use weiqiao_store::facts::state::IssueState;
use weixin::oauth::{AuthorizeUrl, Scope};

use super::state::{seal_target, state_hash};
use super::{Browser, BrowserCookie, Flow, LIVE_STATES, STATE_TTL_MS};
use crate::App;
use crate::accounts::Account;
use crate::error::{AppError, Result, code};
use crate::redirect::RedirectProblem;

/// How a login is to begin.
#[derive(Debug, Clone)]
pub struct StartLogin<'a> {
    /// Another account than the default official one.
    pub account: Option<&'a str>,
    /// The page to come back to; our own front page when missing.
    pub target: Option<&'a str>,
    /// `snsapi_base` or `snsapi_userinfo`; the latter when missing.
    pub scope: Option<&'a str>,
    /// Where WeChat sends the browser.
    pub flow: Flow,
    /// Who begins.
    pub browser: &'a Browser,
}

/// Where to go, and what to remember.
#[derive(Debug, Clone)]
pub struct StartedLogin {
    /// WeChat's page.
    pub url: String,
    /// The state in it.
    pub state: String,
    /// The cookie to set, also when the browser had it already: its time starts anew.
    pub cookie: BrowserCookie,
    /// How long state and cookie are good, seconds.
    pub max_age_s: i64,
}

/// Issues a state for this browser and makes WeChat's address.
///
/// # Errors
///
/// `Invalid` with code `REDIRECT_NOT_ALLOWED` when the page is not on the allow-list, `Invalid` for an unknown scope,
/// `NotFound` for an unknown account, `Unavailable` when the database is down.
pub async fn start_web_login(app: &App, start: StartLogin<'_>) -> Result<StartedLogin> {
    let account = app.accounts().pick(AccountKind::Official, start.account)?;
    let scope = scope(start.scope)?;
    let target = app.redirects().check(start.target.unwrap_or("/"))?;
    let redirect_uri = match start.flow {
        Flow::Page | Flow::Instance => callback_url(app, account, start.account.is_some()),
        Flow::Redirect => target.clone(),
    };
    let state = random_alnum(app.rng(), STATE_CHARACTERS);
    let StartLogin { flow, browser, .. } = start;
    begin(app, Begin { account, flow, redirect_uri, target, scope, stored_state: state.clone(), state, browser }).await
}

/// A login, with everything about it decided.
pub(crate) struct Begin<'a> {
    pub(crate) account: &'a Account,
    pub(crate) flow: Flow,
    /// Where WeChat sends the browser.
    pub(crate) redirect_uri: Url,
    /// Where the login ends; checked.
    pub(crate) target: Url,
    pub(crate) scope: Scope,
    /// What stands in the address.
    pub(crate) state: String,
    /// What it is stored by.
    pub(crate) stored_state: String,
    pub(crate) browser: &'a Browser,
}

/// Makes WeChat's address, and stores the state that is in it.
pub(crate) async fn begin(app: &App, begin: Begin<'_>) -> Result<StartedLogin> {
    let Begin { account, flow, redirect_uri, target, scope, state, stored_state, browser } = begin;
    let url = AuthorizeUrl::new(account.app_id(), redirect_uri.as_str(), scope, &state);
    let url = url.build(app.weixin().bases()).map_err(AppError::internal)?;
    let cookie = browser.cookie.clone().unwrap_or_else(|| BrowserCookie::random(app.rng()));
    let now = app.now_ms();
    let hash = state_hash(&stored_state);
    let issue = IssueState {
        target: seal_target(app, &hash, account.app_id().as_str(), &target),
        hash,
        app_id: account.app_id().clone(),
        account: account.name.clone(),
        flow: flow.word().to_owned(),
        cookie_hash: cookie.hash(),
        scope: scope.as_str().to_owned(),
        max_live: LIVE_STATES,
        expires_at: now.saturating_add(STATE_TTL_MS),
        now,
    };
    app.store().run(issue).await?;
    Ok(StartedLogin { url, state, cookie, max_age_s: STATE_TTL_MS / 1000 })
}

/// WeChat allows 128; 32 of 62 characters are 190 bits.
pub(crate) const STATE_CHARACTERS: usize = 32;

fn scope(asked: Option<&str>) -> Result<Scope> {
    match asked {
        None | Some("" | "snsapi_userinfo") => Ok(Scope::UserInfo),
        Some("snsapi_base") => Ok(Scope::Base),
        Some(_) => Err(AppError::field("scope", "oneof", "scope 只能是 snsapi_base 或 snsapi_userinfo")),
    }
}

/// Our callback, from the configured public address only: no header of a request has a say in it.
fn callback_url(app: &App, account: &Account, named: bool) -> Url {
    let mut url = app.public_url().clone();
    url.set_path(&format!("{}/wechat/callback", url.path().trim_end_matches('/')));
    url.set_query(None);
    url.set_fragment(None);
    if named {
        url.query_pairs_mut().append_pair("account", account.name.as_str());
    }
    url
}

impl From<RedirectProblem> for AppError {
    fn from(problem: RedirectProblem) -> Self {
        let hint = match problem {
            RedirectProblem::OwnLogin => "请填写登录之后要打开的页面，而不是登录接口（开始登录或微信回跳）的地址。",
            _ => "请把页面的域名加入 OAUTH_REDIRECT_HOSTS，并在微信公众平台「网页授权域名」中登记同一个域名。",
        };
        Self::invalid(code::REDIRECT_NOT_ALLOWED, format!("请求参数错误: 跳转地址不允许：{problem}")).with_hint(hint)
    }
}
