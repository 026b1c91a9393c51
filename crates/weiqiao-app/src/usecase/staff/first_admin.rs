//! The first start: there is no default password, somebody has to be let in.

use weiqiao_model::{Role, StaffId};
use weiqiao_store::facts::staff::CountStaff;

use super::setup::{look, redeem};
use super::{NewStaff, SETUP_TOKEN_LIFE, SetupToken, create_staff};
use crate::App;
use crate::audit::Actor;
use crate::error::{AppError, ErrorKind, Result, code};
use crate::password::check_strength;

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
        let token = SetupToken::random(app);
        app.coord().one_time().issue(SETUP, token.expose(), username.as_bytes(), SETUP_TOKEN_LIFE).await?;
        return Ok(FirstAdmin::Token(token));
    };
    match create_staff(app, Actor::System, admin(username, password)).await {
        Ok(created) => Ok(FirstAdmin::Created(created.id)),
        // Another instance started at the same moment.
        Err(error) if *error.kind() == ErrorKind::Conflict => Ok(FirstAdmin::NotNeeded),
        Err(error) => Err(error),
    }
}

/// A password was set with a one-time token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetUp {
    /// Whose it is.
    pub id: StaffId,
    /// The name they log in with.
    pub username: String,
    /// Whether this is the first member of staff.
    pub first: bool,
}

/// Sets a password with a one-time token: the one of the first start, which works while there is no staff, or one an admin
/// handed out. Each works once.
///
/// # Errors
///
/// `Unauthorized` for a token that is wrong, used or too old; `Invalid` for a weak password, which leaves the token good.
pub async fn redeem_setup_token(app: &App, token: &str, password: &str) -> Result<SetUp> {
    check_strength("password", password)?;
    if app.store().read(CountStaff).await? > 0 {
        let (id, username) = redeem(app, token, password).await?.ok_or_else(wrong_token)?;
        return Ok(SetUp { id, username, first: false });
    }
    let username = app.coord().one_time().take(SETUP, token).await?.ok_or_else(wrong_token)?;
    let username = String::from_utf8(username).map_err(AppError::internal)?;
    let created = create_staff(app, Actor::Anonymous, admin(&username, password)).await?;
    Ok(SetUp { id: created.id, username, first: true })
}

/// The user name whose password a one-time token sets. The token stays good: people see whom they set a password for, and that
/// a link is too old, before they think of one.
///
/// # Errors
///
/// `Unauthorized` for a token that is wrong, used or too old.
pub async fn look_at_setup_token(app: &App, token: &str) -> Result<String> {
    if app.store().read(CountStaff).await? > 0 {
        return look(app, token).await?.ok_or_else(wrong_token);
    }
    let username = app.coord().one_time().peek(SETUP, token).await?.ok_or_else(wrong_token)?;
    String::from_utf8(username).map_err(AppError::internal)
}

fn wrong_token() -> AppError {
    AppError::new(ErrorKind::Unauthorized, code::INVALID_CREDENTIALS, "初始化令牌无效或已使用")
}

/// Whether nobody is there yet, so that the first thing to do is to set a password with the token of the start.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn needs_setup(app: &App) -> Result<bool> {
    Ok(app.store().read(CountStaff).await? == 0)
}

fn admin(username: &str, password: &str) -> NewStaff {
    NewStaff::with_password(username, password, Role::Admin)
}
