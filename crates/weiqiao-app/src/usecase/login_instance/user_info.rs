//! Who a person is: for a code, or for somebody who is known.

use weiqiao_model::{OpenId, UnionId};

use super::access_token::fresh;
use super::grant::grant;
use super::record::{AuthProfile, auth_record, keep_profile};
use super::{InstanceToken, Server};
use crate::App;
use crate::error::Result;
use crate::instances::LoginInstance;
use crate::usecase::login::read_profile;

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

/// Asks WeChat when the scope allows to, and keeps the answer.
async fn look(
    app: &App,
    instance: &LoginInstance,
    token: &InstanceToken,
    record_id: &str,
    known: InstanceUser,
) -> Result<InstanceUser> {
    let account = &instance.account;
    let found = read_profile(app, account, &token.access_token, &token.openid, &token.scope).await?;
    let Some((profile, unionid)) = found else { return Ok(known) };
    let (profile, unionid) = (AuthProfile::from(&profile), unionid.or(known.unionid));
    keep_profile(app, account, record_id, &known.openid, (&profile, unionid.as_ref())).await?;
    Ok(InstanceUser { openid: known.openid, unionid, profile })
}
