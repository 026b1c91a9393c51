//! A person's token: for a code, or the one that is kept, renewed first when it is stale.

use super::grant::grant;
use super::record::{AuthRecord, auth_record};
use super::refresh_token::renew;
use super::{InstanceToken, Server};
use crate::App;
use crate::error::{AppError, ErrorKind, Result, code};
use crate::instances::LoginInstance;

/// A token with less life than this is renewed before it is given out, milliseconds.
const STALE_MS: i64 = 5 * 60 * 1000;

/// The token for a code. The code is exchanged once, however many ask at the same time, for this or for the profile.
///
/// # Errors
///
/// `NotFound` for an unknown instance; `Invalid` for a missing code, or with code `CODE_ALREADY_USED`; `WeChat` when the
/// code was refused; `Forbidden` with code `SNAPSHOT_USER`; `Unavailable` when the database is down.
pub async fn instance_token(app: &App, instance: &str, server: &Server, code: &str) -> Result<InstanceToken> {
    let instance = app.instances().named(instance)?;
    Ok(grant(app, instance, server, code).await?.token)
}

/// The token that is kept for a person, good for five minutes at least.
///
/// # Errors
///
/// `NotFound` for an unknown instance or person; `Conflict` with code `LOGIN_AGAIN` when WeChat no longer renews it;
/// `WeChat` when it cannot be renewed now; `Unavailable` when the database is down.
pub async fn current_token(app: &App, instance: &str, openid: &str) -> Result<InstanceToken> {
    let instance = app.instances().named(instance)?;
    let record = auth_record(app, &instance.account, openid).await?;
    fresh(app, instance, record).await.map(|(token, _)| token)
}

/// The record's token, renewed when it is stale, and the record.
pub(super) async fn fresh(
    app: &App,
    instance: &LoginInstance,
    record: AuthRecord,
) -> Result<(InstanceToken, AuthRecord)> {
    if record.login_again {
        return Err(login_again());
    }
    if record.expires_at.saturating_sub(app.now_ms()) >= STALE_MS {
        return Ok((kept_token(app, &record), record));
    }
    let token = renew(app, &instance.account, &record).await?;
    Ok((token, record))
}

/// The token a record keeps, as it is.
pub(super) fn kept_token(app: &App, record: &AuthRecord) -> InstanceToken {
    InstanceToken {
        access_token: record.access_token.clone(),
        expires_in: record.expires_at.saturating_sub(app.now_ms()).div_euclid(1000),
        refresh_token: record.refresh_token.clone(),
        openid: record.openid.clone(),
        scope: record.scope.clone(),
    }
}

pub(super) fn login_again() -> AppError {
    AppError::new(ErrorKind::Conflict, code::LOGIN_AGAIN, "用户的授权已失效，需要重新登录")
        .with_hint("refresh_token 的有效期是 30 天，用户修改密码或解除授权后也会失效。请让用户重新走一次登录。")
}
