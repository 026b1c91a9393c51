//! A member of staff logs in with user name and password.

use std::fmt;
use std::time::Duration;

use serde_json::json;
use weiqiao_model::{SessionId, random_alnum};
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::session::AddStaffSession;
use weiqiao_store::facts::staff::{FindStaffByUsername, StoredStaff};

use super::door::Door;
use super::verify_staff::cookie_hash;
use super::{StaffProfile, folded};
use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::{AppError, ErrorKind, Result, code};
use crate::password::MAX_CHARACTERS;

/// Somebody at the staff door.
#[derive(Clone)]
pub struct StaffLogin<'a> {
    /// The name they typed.
    pub username: &'a str,
    /// The password they typed.
    pub password: &'a str,
    /// The client's address: guesses are counted per user and address.
    pub ip: &'a str,
    /// The `User-Agent`, to tell sessions apart in a list.
    pub user_agent: Option<&'a str>,
    /// Whether the session is to last longer.
    pub remember: bool,
}

impl<'a> StaffLogin<'a> {
    /// A login without more ado.
    #[must_use]
    pub fn new(username: &'a str, password: &'a str, ip: &'a str) -> Self {
        Self { username, password, ip, user_agent: None, remember: false }
    }
}

impl fmt::Debug for StaffLogin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What was typed as a user name may be a password.
        f.debug_struct("StaffLogin").field("remember", &self.remember).finish_non_exhaustive()
    }
}

/// How long a staff session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLife {
    /// Whatever happens.
    pub absolute: Duration,
    /// Without being used.
    pub idle: Duration,
}

impl SessionLife {
    /// 12 hours, 30 minutes unused.
    pub const USUAL: Self = Self { absolute: Duration::from_secs(12 * 60 * 60), idle: Duration::from_secs(30 * 60) };
    /// With *remember me*: 14 days, 3 days unused.
    pub const REMEMBERED: Self =
        Self { absolute: Duration::from_secs(14 * 24 * 60 * 60), idle: Duration::from_secs(3 * 24 * 60 * 60) };

    fn of(login: &StaffLogin<'_>) -> Self {
        if login.remember { Self::REMEMBERED } else { Self::USUAL }
    }
}

/// They are in.
#[derive(Clone)]
pub struct StaffLoginAnswer {
    /// The staff token.
    pub access_token: String,
    /// When it ends, epoch seconds.
    pub expires_at: i64,
    /// Who they are.
    pub user: StaffProfile,
}

impl fmt::Debug for StaffLoginAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaffLoginAnswer").field("user", &self.user.id).finish_non_exhaustive()
    }
}

/// They are in, with a browser.
#[derive(Clone)]
pub struct StaffBrowserLogin {
    /// The value of the cookie: 43 letters and digits that mean nothing.
    pub cookie: String,
    /// When it ends, epoch seconds.
    pub expires_at: i64,
    /// How long the browser keeps it, seconds; `None`: until it is closed.
    pub max_age_s: Option<i64>,
    /// Who they are.
    pub user: StaffProfile,
}

impl fmt::Debug for StaffBrowserLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaffBrowserLogin").field("user", &self.user.id).finish_non_exhaustive()
    }
}

/// Checks the password and begins a session that a token stands for. An unknown user takes as long as a wrong password
/// and gives the same answer.
///
/// # Errors
///
/// `Invalid` for missing fields; `Unauthorized` with code `INVALID_CREDENTIALS` and the text `用户名或密码错误`; `TooMany` with
/// code `TOO_MANY_ATTEMPTS` and the text `登录尝试次数过多，请稍后再试`; `TooMany` when too many passwords are being checked.
pub async fn staff_login(app: &App, login: StaffLogin<'_>) -> Result<StaffLoginAnswer> {
    let staff = enter(app, &login).await?;
    let life_s = seconds(SessionLife::of(&login).absolute);
    let begun = begin(app, &login, &staff, None, None).await?;
    let access_token = app.issue_staff_token(&staff.id, &begun.id, begun.now, life_s)?;
    Ok(StaffLoginAnswer { access_token, expires_at: begun.expires_at, user: StaffProfile::of(app, staff) })
}

/// [`staff_login`] for a browser: the session is known by a cookie that no script can read. The session of the cookie
/// the browser showed before ends.
///
/// # Errors
///
/// As [`staff_login`].
pub async fn staff_login_in_browser(
    app: &App,
    login: StaffLogin<'_>,
    shown: Option<&str>,
) -> Result<StaffBrowserLogin> {
    let staff = enter(app, &login).await?;
    let cookie = random_alnum(app.rng(), 43);
    let begun = begin(app, &login, &staff, Some(&cookie), shown).await?;
    let max_age_s = login.remember.then(|| seconds(SessionLife::of(&login).absolute));
    if shown.is_some() {
        app.staff().clear();
    }
    Ok(StaffBrowserLogin { cookie, expires_at: begun.expires_at, max_age_s, user: StaffProfile::of(app, staff) })
}

/// Checks user name and password. Every failure is written down; what was typed as a user name only when it is one,
/// because it may be a password.
async fn enter(app: &App, login: &StaffLogin<'_>) -> Result<StoredStaff> {
    let username = folded(login.username);
    if username.is_empty() {
        return Err(AppError::field("username", "required", "username 不能为空"));
    }
    if login.password.is_empty() {
        return Err(AppError::field("password", "required", "password 不能为空"));
    }
    // The place in the queue first: whoever is sent away because others crowd the door has lost no guess.
    let place = app.passwords().place()?;
    let door = Door::knock(app, &username, login.ip).await?;
    if login.password.chars().count() > MAX_CHARACTERS || username.chars().count() > MAX_USERNAME {
        return refuse(app, login, None, &door, "impossible").await;
    }
    let found = app.store().read(FindStaffByUsername { username }).await?;
    let usable = found.as_ref().filter(|staff| staff.disabled_at.is_none() && staff.password_hash.is_set());
    let stored = usable.map(|staff| staff.password_hash.expose());
    let right = place.verify(login.password, stored).await?;
    match found {
        Some(staff) if right => {
            door.open(app).await?;
            Ok(staff)
        }
        Some(staff) => {
            let why = match (staff.disabled_at, staff.password_hash.is_set()) {
                (Some(_), _) => "disabled",
                (None, false) => "no_password",
                (None, true) => "password",
            };
            refuse(app, login, Some(&staff), &door, why).await
        }
        None => refuse(app, login, None, &door, "unknown_user").await,
    }
}

async fn refuse<T>(
    app: &App,
    login: &StaffLogin<'_>,
    staff: Option<&StoredStaff>,
    door: &Door,
    why: &'static str,
) -> Result<T> {
    metrics::counter!("staff_logins_failed_total").increment(1);
    let deed = if door.locks { Deed::LoginLocked } else { Deed::LoginFailed };
    let target = staff.map_or("", |staff| staff.id.as_str());
    let detail = json!({ "ip": login.ip, "why": why, "username": staff.map(|staff| &staff.username) });
    app.record_audit(app.audit_entry(Actor::Anonymous, deed, "staff", target, &detail)).await?;
    Err(AppError::new(ErrorKind::Unauthorized, code::INVALID_CREDENTIALS, "用户名或密码错误"))
}

struct Begun {
    id: SessionId,
    now: i64,
    expires_at: i64,
}

async fn begin(
    app: &App,
    login: &StaffLogin<'_>,
    staff: &StoredStaff,
    cookie: Option<&str>,
    replaced: Option<&str>,
) -> Result<Begun> {
    let (now, life) = (app.now_ms(), SessionLife::of(login));
    let expires_at = now.div_euclid(1000).saturating_add(seconds(life.absolute));
    let id: SessionId = app.new_id();
    let session = AddStaffSession {
        id: id.clone(),
        staff_id: staff.id.clone(),
        device_hash: login.user_agent.map(|agent| app.vault().fingerprint("device", &[agent])),
        expires_at: expires_at.saturating_mul(1000),
        idle_ms: Some(seconds(life.idle).saturating_mul(1000)),
        cookie_hash: cookie.map(|cookie| cookie_hash(app, cookie)),
        replaces: replaced.map(|cookie| cookie_hash(app, cookie)),
        now,
    };
    let detail =
        json!({ "ip": login.ip, "session": id.as_str(), "browser": cookie.is_some(), "remember": login.remember });
    let entry = app.audit_entry(Actor::Staff(staff.id.clone()), Deed::Login, "staff", staff.id.as_str(), &detail);
    if !app.store().run(Audited::new(session, entry, |begun| *begun)).await? {
        return Err(AppError::new(ErrorKind::Unauthorized, code::INVALID_CREDENTIALS, "用户名或密码错误"));
    }
    Ok(Begun { id, now, expires_at })
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX / 2_000)
}

/// The longest user name, in characters.
pub(super) const MAX_USERNAME: usize = 64;
