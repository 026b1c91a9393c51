//! A member of staff logs in with user name and password.

use std::fmt;
use std::time::Duration;

use weiqiao_store::facts::session::AddStaffSession;
use weiqiao_store::facts::staff::FindStaffByUsername;

use super::{StaffProfile, folded};
use crate::App;
use crate::error::{AppError, ErrorKind, Result, code};
use crate::jwt::Audience;
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
}

impl fmt::Debug for StaffLogin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaffLogin").field("username", &self.username).finish_non_exhaustive()
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

/// How many failures one user and address may have …
pub const MAX_FAILURES: u32 = 5;
/// … within this time.
pub const LOCKOUT: Duration = Duration::from_secs(15 * 60);

const STRIKES: &str = "staff login";

/// Checks the password and begins a session. An unknown user takes as long as a wrong password and gives the same answer.
///
/// A guess is counted *before* it is checked, so that a thousand at once are still only five; success clears the count.
///
/// # Errors
///
/// `Invalid` for missing fields; `Unauthorized` with code `INVALID_CREDENTIALS` and the text `用户名或密码错误`; `TooMany` with
/// code `TOO_MANY_ATTEMPTS` and the text `登录尝试次数过多，请稍后再试`; `TooMany` when too many passwords are being checked.
pub async fn staff_login(app: &App, login: StaffLogin<'_>) -> Result<StaffLoginAnswer> {
    let username = folded(login.username);
    if username.is_empty() {
        return Err(AppError::field("username", "required", "username 不能为空"));
    }
    if login.password.is_empty() {
        return Err(AppError::field("password", "required", "password 不能为空"));
    }
    let key = format!("{username}\n{}", login.ip);
    let strikes = app.coord().strikes();
    if strikes.count(STRIKES, &key).await >= MAX_FAILURES || strikes.hit(STRIKES, &key, LOCKOUT).await > MAX_FAILURES {
        return Err(locked_out());
    }
    if login.password.chars().count() > MAX_CHARACTERS || username.chars().count() > MAX_USERNAME {
        return Err(wrong());
    }
    let found = app.store().read(FindStaffByUsername { username }).await?;
    let staff = found.filter(|staff| staff.disabled_at.is_none());
    let stored = staff.as_ref().map(|staff| staff.password_hash.expose());
    let right = app.passwords().verify(login.password, stored).await?;
    let staff = staff.filter(|_| right).ok_or_else(wrong)?;
    strikes.clear(STRIKES, &key).await;

    let now = app.now_ms();
    let expires_at = now.div_euclid(1000).saturating_add(app.jwt().life_s());
    let session = AddStaffSession {
        id: app.new_id(),
        staff_id: staff.id.clone(),
        device_hash: login.user_agent.map(|agent| app.vault().fingerprint("device", &[agent])),
        expires_at: expires_at.saturating_mul(1000),
        now,
    };
    let session_id = session.id.clone();
    if !app.store().run(session).await? {
        return Err(wrong());
    }
    let access_token = app.issue_token(Audience::Staff, staff.id.as_str(), None, &session_id, now)?;
    Ok(StaffLoginAnswer { access_token, expires_at, user: StaffProfile::of(staff) })
}

/// The longest user name, in characters.
pub(super) const MAX_USERNAME: usize = 64;

fn wrong() -> AppError {
    AppError::new(ErrorKind::Unauthorized, code::INVALID_CREDENTIALS, "用户名或密码错误")
}

fn locked_out() -> AppError {
    AppError::new(ErrorKind::TooMany { retry_after: LOCKOUT }, code::TOO_MANY_ATTEMPTS, "登录尝试次数过多，请稍后再试")
}
