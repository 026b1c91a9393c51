//! The front end brings the code that WeChat gave it.

use weiqiao_model::{AccountKind, ApiScope};
use weiqiao_store::facts::state::StateClaim;

use super::exchange::{Visit, brought, exchange_code};
use super::once::{Bringer, repeated};
use super::state::{Trip, refusal, travel};
use super::{Browser, Flow, LoginAnswer};
use crate::App;
use crate::digest::digest;
use crate::error::{AppError, Result, code};
use crate::usecase::api_key::ApiKeyContext;

/// A code somebody posted.
#[derive(Debug, Clone)]
pub struct CodeLogin<'a> {
    /// Another account than the default official one.
    pub account: Option<&'a str>,
    /// The code, as it stood in the address.
    pub code: &'a str,
    /// The state, as it stood in the address.
    pub state: Option<&'a str>,
    /// Who posts it.
    pub browser: &'a Browser,
    /// The `User-Agent`, to tell sessions apart in a list.
    pub user_agent: Option<&'a str>,
    /// The client's address.
    pub ip: Option<&'a str>,
    /// The API key of the server that posts it for its own visitor, *verified*.
    pub key: Option<&'a ApiKeyContext>,
}

/// The longest code that is sent on, in bytes. WeChat's have 32 characters.
pub(crate) const MAX_CODE: usize = 512;
/// The longest state that is looked at, in bytes. WeChat's limit is 128.
const MAX_STATE: usize = 1024;

/// Logs in with a code. The code is exchanged once; the same browser may post it again for a minute and gets the same
/// answer. It is the same by its cookie, or by the session that the login began.
///
/// A state we issued is always verified. In strict mode there must be one, unless a server posts with an API key that has
/// the scope `login:exchange`: it answers for the code itself. In open mode a foreign or missing one is tolerated.
///
/// In open mode a page of another origin may keep no cookie of ours at all. If it sends a state of its own, its posts of
/// one code are taken for one browser by that state together with address and `User-Agent`: React's strict mode posts
/// twice at once. That is less than a cookie, and therefore for open mode only.
///
/// # Errors
///
/// `Forbidden` with code `SCOPE_MISSING` for a key without the scope. `Invalid`: no code, `STATE_REQUIRED`, `STATE_INVALID`, or `CODE_ALREADY_USED` by another browser. `WeChat` with the text
/// `微信登录失败: …` or `获取用户信息失败: …`. `Forbidden` with code `SNAPSHOT_USER`. `Unavailable` when the database is down.
pub async fn login_with_code(app: &App, login: CodeLogin<'_>) -> Result<LoginAnswer> {
    let account = app.accounts().pick(AccountKind::Official, login.account)?;
    check_code(login.code)?;
    if let Some(key) = login.key {
        key.demand(ApiScope::LoginExchange)?;
    }
    let CodeLogin { code, browser, user_agent, .. } = login;
    let needs_state = app.auth_mode().is_strict() && login.key.is_none();
    let state = login.state.filter(|state| !state.is_empty());
    match state {
        None if needs_state => {
            let again = repeated(app, &brought(account, code), browser.session.as_ref(), None).await?;
            return again.ok_or_else(state_required);
        }
        None => {}
        Some(state) if state.len() > MAX_STATE => return Err(AppError::field("state", "max", "state 过长")),
        Some(state) => {
            let trip = Trip { account, flow: Flow::Redirect, state, code, browser, user_agent };
            match travel(app, trip).await? {
                Some(end) => return end.login,
                None if needs_state => return Err(refusal(&StateClaim::Unknown, browser)),
                None => {}
            }
        }
    }
    let bringer = match login.key {
        Some(key) => Bringer::new(vec![key_evidence(key)], None),
        None => Bringer::new(evidence(app, &login), browser.session.clone()).known_by_session(app).await,
    };
    exchange_code(app, Visit::new(account, code, bringer, user_agent)).await
}

/// How the browser is recognised: by what we gave it, or else by a state of its page's own.
fn evidence(app: &App, login: &CodeLogin<'_>) -> Vec<String> {
    let given = login.browser.evidence();
    match (login.state.filter(|state| !state.is_empty()), login.ip) {
        (Some(state), Some(ip)) if given.is_empty() && !app.auth_mode().is_strict() => {
            let agent = login.user_agent.unwrap_or_default();
            vec![app.vault().fingerprint("foreign state", &[state, ip, agent])]
        }
        _ => given,
    }
}

/// A server is recognised by its key; the sessions are those of its visitors.
fn key_evidence(key: &ApiKeyContext) -> String {
    let id = key.id.as_ref().map_or(key.name.as_str(), |id| id.as_str());
    digest("api key", &[id])
}

/// # Errors
///
/// `Invalid` for a code that is empty, too long, or holds anything but printable ASCII: no code of WeChat's does, so asking
/// would only cost. What only looks odd is WeChat's to judge.
pub(crate) fn check_code(code: &str) -> Result<()> {
    if code.is_empty() {
        return Err(AppError::field("code", "required", "code 不能为空"));
    }
    if code.len() > MAX_CODE || !code.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(AppError::field("code", "code", "code 格式不正确"));
    }
    Ok(())
}

fn state_required() -> AppError {
    AppError::invalid(code::STATE_REQUIRED, "缺少 state 参数，请重新发起授权")
        .with_hint("请通过 GET /api/wechat/authorize-url 取得授权地址，并把微信带回的 state 与 code 一起提交；由服务器提交时，请使用带有 login:exchange 权限的 API Key。")
}
