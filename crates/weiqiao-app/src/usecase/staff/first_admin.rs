//! The first start: there is no default password, somebody has to be let in.

use std::fmt;
use std::time::Duration;

use weiqiao_model::{Role, StaffId, random_alnum};
use weiqiao_store::facts::staff::CountStaff;

use super::{NewStaff, create_staff};
use crate::App;
use crate::error::{AppError, ErrorKind, Result, code};
use crate::password::check_strength;

/// How long a set-up token is good.
pub const SETUP_TOKEN_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

const SETUP: &str = "staff setup";

/// What the first start found.
#[derive(Debug)]
pub enum FirstAdmin {
    /// There is staff already.
    NotNeeded,
    /// The user was made with the configured password.
    Created(StaffId),
    /// Nobody is there: whoever holds this token may set the first password. Write it to a file only the operator can
    /// read, and say where.
    Token(SetupToken),
}

/// A one-time token to set the first password with.
#[derive(Clone, PartialEq, Eq)]
pub struct SetupToken(String);

impl SetupToken {
    /// The text for the file.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SetupToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Makes the first admin when there is no staff: with the configured password, or with a token to set one. Every start
/// without staff issues a new token; a process without Redis honours only its own.
///
/// # Errors
///
/// `Invalid` when the configured password is too weak, `Unavailable` when the database is down.
pub async fn ensure_first_admin(app: &App, username: &str, password: Option<&str>) -> Result<FirstAdmin> {
    if app.store().read(CountStaff).await? > 0 {
        return Ok(FirstAdmin::NotNeeded);
    }
    let Some(password) = password else {
        let token = SetupToken(random_alnum(app.rng(), 43));
        app.coord().one_time().issue(SETUP, token.expose(), username.as_bytes(), SETUP_TOKEN_LIFE).await?;
        return Ok(FirstAdmin::Token(token));
    };
    match create_staff(app, admin(username, password)).await {
        Ok(id) => Ok(FirstAdmin::Created(id)),
        // Another instance started at the same moment.
        Err(error) if *error.kind() == ErrorKind::Conflict => Ok(FirstAdmin::NotNeeded),
        Err(error) => Err(error),
    }
}

/// Sets the first password. The token works once, and only while there is no staff.
///
/// # Errors
///
/// `Unauthorized` for a token that is wrong, used or too old; `Invalid` for a weak password, which leaves the token good.
pub async fn redeem_setup_token(app: &App, token: &str, password: &str) -> Result<StaffId> {
    check_strength(password)?;
    let wrong = || AppError::new(ErrorKind::Unauthorized, code::INVALID_CREDENTIALS, "初始化令牌无效或已使用");
    let username = app.coord().one_time().take(SETUP, token).await?.ok_or_else(wrong)?;
    if app.store().read(CountStaff).await? > 0 {
        return Err(wrong());
    }
    let username = String::from_utf8(username).map_err(AppError::internal)?;
    create_staff(app, admin(&username, password)).await
}

fn admin(username: &str, password: &str) -> NewStaff {
    let (username, password) = (username.to_owned(), password.to_owned());
    NewStaff { name: username.clone(), username, password, role: Role::Admin }
}
