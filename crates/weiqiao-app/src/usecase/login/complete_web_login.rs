//! WeChat sends the browser back to our own callback.

use std::sync::Arc;

use url::Url;
use weiqiao_model::AccountKind;
use weiqiao_store::facts::state::StateClaim;

use super::login_with_code::check_code;
use super::state::{Trip, TripEnd, TurnedBack, refusal, travel, turned_back};
use super::{Browser, Flow, LoginAnswer};
use crate::App;
use crate::accounts::Account;
use crate::error::{AppError, Result, code};

/// What WeChat sent back.
#[derive(Debug, Clone)]
pub struct WechatReturn<'a> {
    /// Another account than the default official one.
    pub account: Option<&'a str>,
    /// The code; missing when the person declined.
    pub code: Option<&'a str>,
    /// The state.
    pub state: Option<&'a str>,
    /// Whose browser it is.
    pub browser: &'a Browser,
    /// The `User-Agent`, to tell sessions apart in a list.
    pub user_agent: Option<&'a str>,
}

/// Where the browser goes now. Neither code nor state is in the address.
#[derive(Debug, Clone)]
pub enum WebLoginEnd {
    /// Logged in: set the session cookie and go to the page, which finds `wechat_auth=success`.
    LoggedIn {
        /// The page that was asked for.
        redirect: Url,
        /// Who it is.
        answer: Box<LoginAnswer>,
    },
    /// The person declined: the page finds `wechat_auth=denied`.
    Denied {
        /// The page that was asked for.
        redirect: Url,
    },
}

/// Verifies state and browser, logs in, and says where to go. WeChat's own browser is known to come twice, even with two
/// codes: within a minute the second visit ends like the first, and one code is exchanged. A declined consent ends the login
/// too: its state is good for nothing more, and who changes their mind begins anew.
///
/// # Errors
///
/// `Invalid` for a missing code and state, and with code `STATE_INVALID` for a bad one; otherwise as
/// [`login_with_code`](super::login_with_code).
pub async fn complete_web_login(app: &App, back: WechatReturn<'_>) -> Result<WebLoginEnd> {
    let account = app.accounts().pick(AccountKind::Official, back.account)?;
    let Some(state) = back.state.filter(|state| !state.is_empty()) else {
        return Err(match back.code {
            None | Some("") => AppError::invalid(code::VALIDATION_FAILED, "请求参数错误: 缺少 code 和 state 参数"),
            Some(_) => refusal(&StateClaim::Unknown, back.browser),
        });
    };
    come_back(app, account, Flow::Page, state, &back).await
}

/// The end of a login that comes back to a callback of ours, with the state as it is stored.
pub(crate) async fn come_back(
    app: &App,
    account: &Arc<Account>,
    flow: Flow,
    state: &str,
    back: &WechatReturn<'_>,
) -> Result<WebLoginEnd> {
    let WechatReturn { browser, user_agent, .. } = *back;
    let Some(code) = back.code.filter(|code| !code.is_empty()) else {
        return match turned_back(app, account, flow, state, browser).await? {
            TurnedBack::Declined { target } => {
                Ok(WebLoginEnd::Denied { redirect: login_page(app, &target, "denied")? })
            }
            TurnedBack::Finished(end) => logged_in(app, *end),
        };
    };
    check_code(code)?;
    let trip = Trip { account, flow, state, code, browser, user_agent };
    logged_in(app, travel(app, trip).await?.ok_or_else(|| refusal(&StateClaim::Unknown, browser))?)
}

fn logged_in(app: &App, end: TripEnd) -> Result<WebLoginEnd> {
    let redirect = login_page(app, &end.target, "success")?;
    Ok(WebLoginEnd::LoggedIn { redirect, answer: Box::new(end.login?) })
}

/// The stored page with the result in its query. Checked against the allow-list once more: it may have become shorter.
pub(crate) fn login_page(app: &App, target: &str, result: &str) -> Result<Url> {
    let mut url = app.redirects().check(target)?;
    let others: Vec<(String, String)> =
        url.query_pairs().filter(|(key, _)| key != RESULT).map(|(key, value)| (key.into(), value.into())).collect();
    if url.query().is_some_and(|query| query.contains(RESULT)) {
        url.query_pairs_mut().clear().extend_pairs(others);
    }
    url.query_pairs_mut().append_pair(RESULT, result);
    Ok(url)
}

const RESULT: &str = "wechat_auth";
