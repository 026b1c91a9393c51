//! Who a person is: for a code, or for somebody who is known.

use tokio::time::Instant;
use weiqiao_model::{OpenId, Profile, UnionId};

use super::access_token::{fresh, kept_token, login_again};
use super::grant::grant;
use super::record::{AuthProfile, auth_record, keep_profile};
use super::refresh_token::{renew, require_login};
use super::{InstanceToken, Server};
use crate::App;
use crate::accounts::Account;
use crate::error::{AppError, ErrorKind, Result};
use crate::instances::LoginInstance;
use crate::usecase::login::{impatient, read_profile};

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceUser {
    /// The person, as the account sees them.
    pub openid: OpenId,
    /// The person across the accounts of one open-platform group, when WeChat said so.
    pub unionid: Option<UnionId>,
    /// Who they are; empty after a `snsapi_base` login.
    pub profile: AuthProfile,
}

/// The person behind a code. The code is exchanged once, however many ask at the same time, for this or for the token.
///
/// # Errors
///
/// As [`instance_token`](super::instance_token); `WeChat` also when the user info was refused.
pub async fn instance_user(app: &App, instance: &str, server: &Server, code: &str) -> Result<InstanceUser> {
    let instance = app.instances().named(instance)?;
    let grant = grant(app, instance, server, code).await?;
    let known = InstanceUser {
        openid: grant.token.openid.clone(),
        unionid: grant.unionid.clone(),
        profile: AuthProfile::default(),
    };
    look(app, instance, &grant.token, &grant.record_id, known).await
}

/// Somebody who is known, asked of WeChat anew with the token that is kept.
///
/// # Errors
///
/// As [`current_token`](super::current_token); `WeChat` also when the user info was refused.
pub async fn current_user(app: &App, instance: &str, openid: &str) -> Result<InstanceUser> {
    let instance = app.instances().named(instance)?;
    let record = auth_record(app, &instance.account, openid).await?;
    let (token, record) = fresh(app, instance, record).await?;
    let known = InstanceUser { openid: record.openid, unionid: record.unionid, profile: record.profile };
    look(app, instance, &token, &record.id, known).await
}

/// Asks WeChat when the scope allows to, and keeps the answer. A token WeChat no longer takes is renewed, once; when that
/// does not help, the record is marked "login again".
async fn look(
    app: &App,
    instance: &LoginInstance,
    token: &InstanceToken,
    record_id: &str,
    known: InstanceUser,
) -> Result<InstanceUser> {
    let account = &instance.account;
    let found = match ask(app, account, token).await {
        Err(error) if is_dead(&error) => ask_again(app, account, token).await?,
        found => found?,
    };
    let Some((profile, unionid)) = found else { return Ok(known) };
    let (profile, unionid) = (AuthProfile::from(&profile), unionid.or(known.unionid));
    keep_profile(app, account, record_id, &known.openid, (&profile, unionid.as_ref())).await?;
    Ok(InstanceUser { openid: known.openid, unionid, profile })
}

type Found = Option<(Profile, Option<UnionId>)>;

async fn ask(app: &App, account: &Account, token: &InstanceToken) -> Result<Found> {
    let client = impatient(app, Instant::now());
    read_profile(app, &client, account, &token.access_token, &token.openid, &token.scope).await
}

/// Asks with another token than the one that was refused.
async fn ask_again(app: &App, account: &Account, refused: &InstanceToken) -> Result<Found> {
    let openid = refused.openid.as_str();
    let record = auth_record(app, account, openid).await?;
    if record.login_again {
        return Err(login_again());
    }
    let token = if record.access_token == refused.access_token {
        renew(app, account, &record).await?
    } else {
        kept_token(app, &record)
    };
    let found = ask(app, account, &token).await;
    if found.as_ref().is_err_and(is_dead) {
        let record = auth_record(app, account, openid).await?;
        if record.access_token == token.access_token {
            require_login(app, &record).await;
        }
    }
    found
}

/// Whether WeChat says that the token is none, or none any more: 42007 after the password was changed.
fn is_dead(error: &AppError) -> bool {
    let ErrorKind::WeChat(refusal) = error.kind() else { return false };
    matches!(refusal.errcode, Some(40001 | 40014 | 42001 | 42002 | 42007))
}
