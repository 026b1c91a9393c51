//! A person's token is renewed.

use std::time::Duration;

use weiqiao_store::facts::auth_record::{FindAuthRecordByRefresh, RequireAuthLogin, SaveAuthTokens};
use weixin::api::sns::RefreshOAuthToken;
use weixin_proto::{ErrCode, RefreshTokenValue};

use super::InstanceToken;
use super::access_token::{kept_token, login_again};
use super::record::{AuthRecord, Granted, auth_record, keep_grant, open, refresh_index, sealed_tokens};
use crate::App;
use crate::accounts::Account;
use crate::convert::wechat_error;
use crate::error::{AppError, Result, code};
use crate::hint::Call;

/// Longer than any refresh token, bytes.
const MAX_TOKEN: usize = 1024;

/// How long one renewal may take before somebody else tries.
const LEASE: Duration = Duration::from_secs(10);

/// Renews a token a server shows us, and keeps the result.
///
/// # Errors
///
/// `NotFound` for an unknown instance; `Invalid` for a missing token; `WeChat` when it was refused, and then the record it
/// belongs to is marked "login again"; `Unavailable` when the database is down.
pub async fn refresh_instance_token(app: &App, instance: &str, refresh_token: &str) -> Result<InstanceToken> {
    let instance = app.instances().named(instance)?;
    let account = &instance.account;
    if refresh_token.is_empty() {
        return Err(AppError::field("refresh_token", "required", "refresh_token 不能为空"));
    }
    if refresh_token.len() > MAX_TOKEN || !refresh_token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(AppError::field("refresh_token", "refresh_token", "refresh_token 格式不正确"));
    }
    let find = FindAuthRecordByRefresh {
        app_id: account.app_id().clone(),
        refresh_index: refresh_index(app, account, refresh_token),
    };
    let record = app.store().read(find).await?.map(|stored| open(app, account, stored)).transpose()?;
    let token = ask(app, account, refresh_token.into(), record.as_ref()).await?;
    match record.filter(|record| record.openid == token.openid) {
        Some(record) => save(app, account, &record, &token).await?,
        None => {
            // Granted elsewhere, by the same appid: from now on we know it.
            keep_grant(app, account, &instance.name, Granted { token: &token, unionid: None, profile: None }).await?;
        }
    }
    Ok(token)
}

/// Renews a record's token: one of those who find it stale at the same time asks WeChat, the others take the result.
pub(super) async fn renew(app: &App, account: &Account, record: &AuthRecord) -> Result<InstanceToken> {
    if app.now_ms() >= record.refresh_expires_at {
        require_login(app, record).await;
        return Err(login_again());
    }
    let name = format!("auth record {}", record.id);
    // A lease saves double work. Without one (no Redis) two may ask: WeChat gives both a good token.
    let lease = app.coord().lease().acquire(&name, "renewal", LEASE).await;
    if let Ok(None) = lease
        && let Some(token) = renewed_by_another(app, account, record).await?
    {
        return Ok(token);
    }
    let outcome = async {
        let token = ask(app, account, record.refresh_token.clone(), Some(record)).await?;
        save(app, account, record, &token).await?;
        Ok(token)
    };
    let outcome = outcome.await;
    if let Ok(Some(lease)) = lease {
        let _ = app.coord().lease().release(lease).await;
    }
    app.coord().wake().notify(&name, &[]).await;
    outcome
}

/// Waits for whoever renews the record now; nothing when they do not get to an end.
async fn renewed_by_another(app: &App, account: &Account, seen: &AuthRecord) -> Result<Option<InstanceToken>> {
    const LOOKS: u32 = 20;
    let name = format!("auth record {}", seen.id);
    let mut wakes = app.coord().wake().subscribe(&name);
    for _ in 0..LOOKS {
        let record = auth_record(app, account, seen.openid.as_str()).await?;
        if record.login_again {
            return Err(login_again());
        }
        if record.version > seen.version {
            return Ok(Some(kept_token(app, &record)));
        }
        let _ = tokio::time::timeout(Duration::from_millis(250), wakes.next()).await;
    }
    Ok(None)
}

async fn ask(
    app: &App,
    account: &Account,
    refresh_token: RefreshTokenValue,
    record: Option<&AuthRecord>,
) -> Result<InstanceToken> {
    match app.weixin().send(&account.weixin, RefreshOAuthToken { refresh_token }).await {
        Ok(token) => Ok(token.into()),
        Err(error) => {
            if let (true, Some(record)) = (error.errcode().is_some_and(is_final), record) {
                require_login(app, record).await;
            }
            let (what, word) = ("刷新授权失败", code::WECHAT_LOGIN_FAILED);
            Err(wechat_error(app, what, word, Call::OAuthRefresh, account, &error, None))
        }
    }
}

/// 40030 and 40029: no such token; 42002: its 30 days are over; 42007: the password was changed.
fn is_final(errcode: ErrCode) -> bool {
    matches!(errcode.get(), 40030 | 40029 | 42002 | 42007)
}

/// That a mark was not stored costs one more refused call, nothing else.
pub(super) async fn require_login(app: &App, record: &AuthRecord) {
    let require = RequireAuthLogin { id: record.id.clone(), seen_version: record.version, now: app.now_ms() };
    if let Err(error) = app.store().run(require).await {
        tracing::warn!(%error, "a refused refresh token could not be marked");
    }
}

async fn save(app: &App, account: &Account, record: &AuthRecord, token: &InstanceToken) -> Result<()> {
    let save = SaveAuthTokens {
        id: record.id.clone(),
        seen_version: record.version,
        tokens: sealed_tokens(app, account, token, record.refresh_expires_at),
        now: app.now_ms(),
    };
    // Not stored when a login or a faster refresh was there first: theirs is as good.
    app.store().run(save).await?;
    Ok(())
}
