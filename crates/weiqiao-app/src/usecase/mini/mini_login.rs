//! The mini program brings the code of `wx.login`.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use weiqiao_model::{AccountKind, SessionId, crash_point};
use weiqiao_store::facts::login::{NewSession, RecordLogin};
use weixin::api::sns::{CodeToSession, MiniSession};

use crate::App;
use crate::accounts::Account;
use crate::convert::wechat_error;
use crate::error::{Result, code};
use crate::hint::Call;
use crate::jwt::Audience;
use crate::usecase::login::once::{BeganSession, Bringer, BroughtCode, Exchanged, exchange_once};
use crate::usecase::login::{check_code, impatient, session_evidence};
use crate::usecase::user::seal_login;
use crate::vault::Place;

/// A code of `wx.login` somebody posted.
#[derive(Debug, Clone)]
pub struct MiniLogin<'a> {
    /// Another account than the default mini program.
    pub account: Option<&'a str>,
    /// The code.
    pub code: &'a str,
    /// Who posts it.
    pub device: Device<'a>,
}

/// What tells one phone from another. A mini program keeps no cookies, so a repeated request (a double tap, a retry of a
/// lost answer) is recognised by the session it brings, or by its address and what it says about itself.
#[derive(Debug, Clone, Default)]
pub struct Device<'a> {
    /// The session, *verified*.
    pub session: Option<SessionId>,
    /// The client's address.
    pub ip: Option<&'a str>,
    /// The `User-Agent`.
    pub user_agent: Option<&'a str>,
}

/// Somebody is logged in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MiniLoginAnswer {
    /// Who it is to this mini program.
    pub openid: String,
    /// The session token.
    pub token: String,
    /// When token and session end, epoch seconds.
    pub expires_at: i64,
    /// Our id of the person.
    pub user_id: String,
    /// The session.
    pub session_id: SessionId,
    /// Whether this person was seen for the first time by this account.
    pub first_login: bool,
}

impl fmt::Debug for MiniLoginAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MiniLoginAnswer")
            .field("user_id", &self.user_id)
            .field("session_id", &self.session_id)
            .field("first_login", &self.first_login)
            .finish_non_exhaustive()
    }
}

impl BeganSession for MiniLoginAnswer {
    fn session_id(&self) -> Option<&SessionId> {
        Some(&self.session_id)
    }
}

/// Logs in with a code of `wx.login`. The code is exchanged once, however often it is posted; the session key stays here,
/// sealed.
///
/// # Errors
///
/// `Invalid` for a missing code, or with code `CODE_ALREADY_USED` for one that another device used. `WeChat` with the text
/// `获取用户信息失败: <errmsg>` and code `GET_OPENID_FAILED`. `Unavailable` when the database is down.
pub async fn mini_login(app: &App, login: MiniLogin<'_>) -> Result<MiniLoginAnswer> {
    let account = app.accounts().pick(AccountKind::Mini, login.account)?;
    check_code(login.code)?;
    let brought = BroughtCode::new(account.app_id(), "mini", login.code);
    let session_id: SessionId = app.new_id();
    let device_hash = login.device.user_agent.map(|agent| app.vault().fingerprint("device", &[agent]));
    let bringer = Bringer::new(evidence(app, &login.device), login.device.session.clone());
    let bringer = bringer.known_by_session(app).await;
    let exchange = log_in(app.clone(), Arc::clone(account), login.code.to_owned(), session_id.clone(), device_hash);
    exchange_once(app, brought, bringer, &session_id, exchange).await
}

fn evidence(app: &App, device: &Device<'_>) -> Vec<String> {
    // Addresses and agents can be guessed, so they need a key; sessions cannot.
    let seen = device.ip.map(|ip| app.vault().fingerprint("mini device", &[ip, device.user_agent.unwrap_or_default()]));
    seen.into_iter().chain(device.session.as_ref().map(session_evidence)).collect()
}

async fn log_in(
    app: App,
    account: Arc<Account>,
    login_code: String,
    session_id: SessionId,
    device_hash: Option<String>,
) -> Exchanged<MiniLoginAnswer> {
    let exchange = CodeToSession { js_code: login_code.as_str().into() };
    let person = match impatient(&app, Instant::now()).send(&account.weixin, exchange).await {
        Ok(person) => person,
        Err(error) => {
            let told = wechat_error(
                &app,
                FAILED,
                code::GET_OPENID_FAILED,
                Call::MiniLogin,
                &account,
                &error,
                Some(&login_code),
            );
            return if told.is_passing() { Exchanged::Untouched(told) } else { Exchanged::Failed(told) };
        }
    };
    // From here on the code is spent, whatever happens.
    crash_point!("app.login.exchanged");
    match record(&app, &account, person, session_id, device_hash).await {
        Ok(answer) => Exchanged::Done(answer),
        Err(error) => Exchanged::Failed(error),
    }
}

const FAILED: &str = "获取用户信息失败";

async fn record(
    app: &App,
    account: &Account,
    person: MiniSession,
    session_id: SessionId,
    device_hash: Option<String>,
) -> Result<MiniLoginAnswer> {
    let now = app.now_ms();
    let expires_at = now.div_euclid(1000).saturating_add(app.jwt().life_s());
    let sealed = seal_login(app.vault(), account, &person.openid, person.unionid.as_ref(), None);
    let place = session_key_place(&sealed.openid_index, account);
    let session_key = app.vault().seal(place, person.session_key.expose().as_bytes());
    let login = RecordLogin {
        user_id: app.new_id(),
        identity_id: app.new_id(),
        app_id: account.app_id().clone(),
        account: account.name.clone(),
        openid_index: sealed.openid_index,
        openid: sealed.openid,
        unionid: sealed.unionid,
        group: account.group.clone(),
        profile: None,
        scope: SCOPE.to_owned(),
        session: NewSession { id: session_id, expires_at: expires_at.saturating_mul(1000), device_hash },
        oauth_token: None,
        session_key: Some(session_key),
        now,
    };
    let recorded = app.store().run(login).await?;
    crash_point!("app.login.recorded");
    let (user_id, name) = (recorded.user_id, &account.name);
    let token = app.issue_token(Audience::User, user_id.as_str(), Some(name), &recorded.session_id, now)?;
    Ok(MiniLoginAnswer {
        openid: person.openid.into_string(),
        token,
        expires_at,
        user_id: user_id.into_string(),
        session_id: recorded.session_id,
        first_login: recorded.first_login,
    })
}

/// What is stored where a web login has its OAuth scope.
const SCOPE: &str = "mini";

/// Where a session key is sealed for: the openid's index, because our id of the identity is not known beforehand.
pub(crate) fn session_key_place<'a>(openid_index: &'a str, account: &'a Account) -> Place<'a> {
    Place::new("session_key", "sealed", openid_index, account.app_id().as_str())
}
