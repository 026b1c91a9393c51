//! The code becomes a person, and the person a session: one commit.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use weiqiao_model::{OpenId, Profile, SessionId, UnionId};
use weiqiao_store::facts::login::{NewSession, RecordLogin};
use weiqiao_store::facts::oauth_token::SealedOAuthToken;
use weixin::api::Language;
use weixin::api::sns::{ExchangeCode, FetchUserProfile, OAuthToken};
use weixin_proto::AccessTokenValue;

use super::LoginAnswer;
use super::once::{Bringer, BroughtCode, Exchanged, exchange_once};
use crate::App;
use crate::accounts::Account;
use crate::convert::wechat_error;
use crate::error::{AppError, ErrorKind, Result, WeChatRefusal, code};
use crate::hint::Call;
use crate::jwt::Audience;
use crate::usecase::login_instance::{Granted, keep_grant};
use crate::usecase::user::{UserInfo, fresh_s, seal_login};
use crate::vault::Place;

/// Somebody with a code at the door.
pub(super) struct Visit {
    pub(super) account: Arc<Account>,
    code: String,
    bringer: Bringer,
    user_agent: Option<String>,
}

impl Visit {
    pub(super) fn new(account: &Arc<Account>, code: &str, bringer: Bringer, user_agent: Option<&str>) -> Self {
        let (account, code) = (Arc::clone(account), code.to_owned());
        Self { account, code, bringer, user_agent: user_agent.map(str::to_owned) }
    }
}

/// The answer for this code: from WeChat the first time, afterwards the same for the same browser.
///
/// # Errors
///
/// See [`login_with_code`](super::login_with_code).
pub(super) async fn exchange_code(app: &App, visit: Visit) -> Result<LoginAnswer> {
    let brought = brought(&visit.account, &visit.code);
    let new_session = app.new_id();
    let exchange = log_in(app.clone(), visit.account, visit.code, SessionId::clone(&new_session), visit.user_agent);
    exchange_once(app, brought, visit.bringer, &new_session, exchange).await
}

/// A code of web login.
pub(super) fn brought(account: &Account, code: &str) -> BroughtCode {
    BroughtCode::new(account.app_id(), "oauth", code)
}

async fn log_in(
    app: App,
    account: Arc<Account>,
    code: String,
    session_id: SessionId,
    user_agent: Option<String>,
) -> Exchanged<LoginAnswer> {
    let exchange = ExchangeCode { code: code.as_str().into() };
    let began = Instant::now();
    let token = match impatient(&app, began).send(&account.weixin, exchange).await {
        Ok(token) => token,
        Err(error) => {
            let told = wechat_error(
                &app,
                LOGIN_FAILED,
                code::WECHAT_LOGIN_FAILED,
                Call::WebLogin,
                &account,
                &error,
                Some(&code),
            );
            return if told.is_passing() { Exchanged::Untouched(told) } else { Exchanged::Failed(told) };
        }
    };
    // From here on the code is spent, whatever happens.
    match person(&app, &account, token, session_id, user_agent.as_deref(), began).await {
        Ok(answer) => Exchanged::Done(answer),
        Err(error) => Exchanged::Failed(error),
    }
}

/// How long somebody who logs in waits for WeChat, all its answers together.
const PATIENCE: Duration = Duration::from_secs(4);
/// The least that is left for the second question.
const LEAST: Duration = Duration::from_millis(500);

/// The client for what is left of the time of somebody who began to wait then.
pub(crate) fn impatient(app: &App, began: Instant) -> weixin::Client {
    app.weixin().within(PATIENCE.saturating_sub(began.elapsed()).max(LEAST))
}

const LOGIN_FAILED: &str = "微信登录失败";
const USER_INFO_FAILED: &str = "获取用户信息失败";

async fn person(
    app: &App,
    account: &Account,
    token: OAuthToken,
    session_id: SessionId,
    user_agent: Option<&str>,
    began: Instant,
) -> Result<LoginAnswer> {
    if token.is_snapshotuser {
        return Err(snapshot_user());
    }
    let client = impatient(app, began);
    let found = read_profile(app, &client, account, &token.access_token, &token.openid, &token.scope).await?;
    let (profile, unionid) = match found {
        Some((profile, unionid)) => (Some(profile), unionid),
        None => (None, None),
    };
    let unionid = unionid.or_else(|| token.unionid.clone());
    let now = app.now_ms();
    if let Some(instance) = &account.instance {
        let granted = Granted { token: &token.clone().into(), unionid: unionid.as_ref(), profile: profile.as_ref() };
        keep_grant(app, account, instance, granted).await?;
    }
    let expires_at = now.div_euclid(1000).saturating_add(app.jwt().life_s());
    let person = seal_login(app.vault(), account, &token.openid, unionid.as_ref(), profile.as_ref());
    let record = RecordLogin {
        user_id: app.new_id(),
        identity_id: app.new_id(),
        app_id: account.app_id().clone(),
        account: account.name.clone(),
        oauth_token: Some(sealed(app, account, &person.openid_index, &token, now)),
        openid_index: person.openid_index,
        openid: person.openid,
        unionid: person.unionid,
        group: account.group.clone(),
        profile: person.profile,
        scope: token.scope.clone(),
        session: NewSession {
            id: session_id,
            expires_at: expires_at.saturating_mul(1000),
            device_hash: user_agent.map(|agent| app.vault().fingerprint("device", &[agent])),
        },
        session_key: None,
        now,
    };
    let recorded = app.store().run(record).await?;
    let (user_id, account_name) = (recorded.user_id, &account.name);
    let jwt = app.issue_token(Audience::User, user_id.as_str(), Some(account_name), &recorded.session_id, now)?;
    let unionid = unionid.as_ref().map(|unionid| unionid.as_str());
    Ok(LoginAnswer {
        user_info: UserInfo::new(token.openid.as_str(), unionid, profile.unwrap_or_default(), now, fresh_s(app)),
        token: jwt,
        expires_at,
        user_id: user_id.into_string(),
        session_id: recorded.session_id,
        first_login: recorded.first_login,
        began_here: false,
    })
}

/// Nickname and portrait, when the person agreed to show them.
pub(crate) async fn read_profile(
    app: &App,
    client: &weixin::Client,
    account: &Account,
    access_token: &AccessTokenValue,
    openid: &OpenId,
    scope: &str,
) -> Result<Option<(Profile, Option<UnionId>)>> {
    if !scope.split(',').any(|scope| matches!(scope.trim(), "snsapi_userinfo" | "snsapi_login")) {
        return Ok(None);
    }
    let ask =
        FetchUserProfile { access_token: access_token.clone(), openid: openid.clone(), lang: Language::default() };
    let found = client.send(&account.weixin, ask).await.map_err(|error| {
        wechat_error(app, USER_INFO_FAILED, code::GET_USER_INFO_FAILED, Call::UserInfo, account, &error, None)
    })?;
    if found.openid != *openid {
        return Err(another_person());
    }
    let profile = Profile {
        nickname: fitted(found.nickname, MAX_NAME),
        headimgurl: portrait(found.headimgurl),
        sex: found.sex,
        language: fitted(found.language, MAX_NAME),
        country: fitted(found.country, MAX_NAME),
        province: fitted(found.province, MAX_NAME),
        city: fitted(found.city, MAX_NAME),
        privilege: found.privilege.into_iter().take(MAX_PRIVILEGES).map(|word| fitted(word, MAX_NAME)).collect(),
    };
    Ok(Some((profile, found.unionid)))
}

/// WeChat's own limit for nicknames is half of this, characters.
const MAX_NAME: usize = 64;
const MAX_PRIVILEGES: usize = 32;
/// The longest portrait address, bytes.
const MAX_PORTRAIT: usize = 1024;

fn fitted(mut text: String, max: usize) -> String {
    // A NUL cannot be stored, other control characters break what shows the text. WeChat's decoder took most of them.
    text.retain(|character| !character.is_control());
    if let Some((end, _)) = text.char_indices().nth(max) {
        text.truncate(end);
    }
    text
}

/// A web address or nothing: a `javascript:` link must not reach a page.
fn portrait(address: String) -> String {
    let web = address.starts_with("https://") || address.starts_with("http://");
    let clean = !address.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>'));
    if web && clean && address.len() <= MAX_PORTRAIT { address } else { String::new() }
}

/// A refresh token lives 30 days from the login, and is not renewed by use.
pub(crate) const REFRESH_LIFE_MS: i64 = 30 * 24 * 60 * 60 * 1000;

fn sealed(app: &App, account: &Account, openid_index: &str, token: &OAuthToken, now: i64) -> SealedOAuthToken {
    let seal = |column, text: &str| app.vault().seal(oauth_place(column, openid_index, account), text.as_bytes());
    SealedOAuthToken {
        access: seal("access", token.access_token.expose()),
        refresh: seal("refresh", token.refresh_token.expose()),
        expires_in: token.expires_in,
        expires_at: now.saturating_add(token.expires_in.saturating_mul(1000)),
        refresh_expires_at: now.saturating_add(REFRESH_LIFE_MS),
    }
}

/// Where an OAuth token is sealed for: the openid's index, because our id of the identity is not known beforehand.
fn oauth_place<'a>(column: &'static str, openid_index: &'a str, account: &'a Account) -> Place<'a> {
    Place::new("oauth_token", column, openid_index, account.app_id().as_str())
}

/// Whoever it is, it is not the person who logged in.
fn another_person() -> AppError {
    let refusal = WeChatRefusal { errcode: None, errmsg: None, rid: None, retryable: false };
    let message = format!("{USER_INFO_FAILED}: 微信返回了另一个用户的资料");
    AppError::new(ErrorKind::WeChat(refusal), code::GET_USER_INFO_FAILED, message)
        .with_hint("返回的 openid 与刚刚授权的用户不一致，已拒绝登录。请重新发起授权；如果反复出现，请检查 WECHAT_API_BASE 和中间的代理是否缓存了答复。")
        .with_source("the user info is about another openid than the exchanged code")
}

/// T-11: the openid, unionid, nickname and portrait of a snapshot page belong to nobody.
pub(crate) fn snapshot_user() -> AppError {
    AppError::forbidden(code::SNAPSHOT_USER, "当前是微信的快照页，请点击页面下方的「使用完整服务」后再登录").with_hint(
        "页面一打开就要求 snsapi_userinfo 授权时，微信会以快照页模式打开：返回的是虚拟身份，不能注册或登录。请让用户点击按钮后再发起授权。",
    )
}
