//! Does this openid belong to somebody whose login is still fresh?

use std::sync::Arc;

use weiqiao_model::{AccountKind, ApiScope, AppId};
use weiqiao_store::facts::identity::FindIdentity;

use super::cache::Known;
use super::person::{PERSON, place};
use super::{UserInfo, fresh_s, open_person, openid_index};
use crate::App;
use crate::caller::Caller;
use crate::error::{AppError, Result};
use crate::usecase::staff::Permission;

/// The answer of `GET /api/user/{openid}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserStatus {
    /// Nobody we know, or, in strict mode, nobody the caller may know about: the two cannot be told apart.
    Unknown,
    /// Somebody we know.
    Known {
        /// Who.
        user_info: Arc<UserInfo>,
        /// Whether their last login is older than `AUTHORIZATION_TTL`.
        need_auth: bool,
    },
    /// Somebody we know, of whom nothing can be read. Logging in again writes it anew.
    Damaged,
}

/// The longest openid that is looked up, in characters. WeChat's have 28.
const MAX_OPENID: usize = 128;

/// Reads a person by openid. `account` selects another than the default official account.
///
/// In strict mode only the person themselves, an API key with `user:read` and staff learn anything; other people get
/// [`UserStatus::Unknown`] after the same look into the database. A key without the scope is told so: its owner would take
/// *unknown* for an answer.
///
/// # Errors
///
/// `Invalid` for what cannot be an openid, `Forbidden` for a key or staff without the right, `NotFound` for an unknown account, `Unavailable` when the database is down —
/// never disguised as *unknown*.
pub async fn read_user(app: &App, caller: &Caller, account: Option<&str>, openid: &str) -> Result<UserStatus> {
    let shaped = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if openid.is_empty() || openid.len() > MAX_OPENID || !openid.bytes().all(shaped) {
        return Err(AppError::field("openid", "openid", "openid 格式不正确"));
    }
    if app.auth_mode().is_strict() && matches!(caller, Caller::ApiKey(_) | Caller::Staff(_)) {
        caller.demand(Permission::ReadUsers, ApiScope::UserRead)?;
    }
    let account = app.accounts().pick(AccountKind::Official, account)?;
    let app_id = account.app_id();
    // Before the look: what changes meanwhile must not pass for what was read.
    let version = app.store().identities_version();
    let seen = version.and_then(|version| app.people().get(version, app_id, openid));
    // Who may not know is always answered after a look, so that not even the time it takes tells them anything.
    let known = match seen.filter(|known| may_read(app, caller, known.user_id.as_str())) {
        Some(known) => known,
        None => {
            // In a box: most requests need none of its room.
            let found = Box::pin(look(app, caller, app_id, openid)).await?;
            let Some(known) = found else { return Ok(UserStatus::Unknown) };
            if let Some(version) = version {
                app.people().put(version, app_id, openid, Arc::clone(&known));
            }
            known
        }
    };
    let Some(user_info) = &known.user_info else { return Ok(UserStatus::Damaged) };
    let need_auth = app.now_ms().div_euclid(1000) >= user_info.expires_at;
    Ok(UserStatus::Known { user_info: Arc::clone(user_info), need_auth })
}

async fn look(app: &App, caller: &Caller, app_id: &AppId, openid: &str) -> Result<Option<Arc<Known>>> {
    let openid_index = openid_index(app.vault(), app_id, openid);
    let found = app.store().read(FindIdentity { app_id: app_id.clone(), openid_index: openid_index.clone() }).await?;
    let Some(found) = found.filter(|found| may_read(app, caller, found.user_id.as_str())) else { return Ok(None) };
    let mut row = app.vault().row(&openid_index);
    let opened = open_person(app.vault(), app_id, &openid_index, found.person);
    let person = row.keep(PERSON, place("profile", &openid_index, app_id), opened);
    let user_info = person.map(|person| Arc::new(UserInfo::of(person, found.login_at, fresh_s(app))));
    Ok(Some(Arc::new(Known { user_id: found.user_id, user_info })))
}

/// Keys and staff have been asked for their right before.
fn may_read(app: &App, caller: &Caller, user_id: &str) -> bool {
    !app.auth_mode().is_strict()
        || matches!(caller, Caller::User(session) if session.user_id == *user_id)
        || matches!(caller, Caller::ApiKey(_) | Caller::Staff(_))
}
