//! Somebody joins the staff.

use std::fmt;

use weiqiao_model::{Role, StaffId};
use weiqiao_store::facts::staff::{CreateStaff, PasswordHash, StaffCreated};

use super::folded;
use super::login::MAX_USERNAME;
use crate::App;
use crate::error::{AppError, ErrorKind, Result, code};

/// Who joins.
#[derive(Clone)]
pub struct NewStaff {
    /// The name they will log in with; 1 to 64 characters, without white space.
    pub username: String,
    /// Their first password; 12 to 128 characters.
    pub password: String,
    /// Their name; the user name when empty.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

impl fmt::Debug for NewStaff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewStaff").field("username", &self.username).field("role", &self.role).finish_non_exhaustive()
    }
}

/// Adds a member of staff. Whoever calls this has checked that it may be done.
///
/// # Errors
///
/// `Invalid` for an impossible user name or a weak password, `Conflict` when the name is taken.
pub async fn create_staff(app: &App, new: NewStaff) -> Result<StaffId> {
    let username = folded(&new.username);
    let length = username.chars().count();
    if !(1..=MAX_USERNAME).contains(&length) || username.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(AppError::field("username", "username", "用户名必须为 1 到 64 个字符，不能包含空白"));
    }
    let password_hash = PasswordHash::new(app.passwords().hash(&new.password).await?);
    let id: StaffId = app.new_id();
    let name = if new.name.trim().is_empty() { username.clone() } else { new.name.trim().to_owned() };
    let create = CreateStaff {
        id: id.clone(),
        username,
        password_hash,
        name,
        phone: String::new(),
        email: String::new(),
        avatar: String::new(),
        role: new.role,
        department: String::new(),
        permissions: Vec::new(),
        now: app.now_ms(),
    };
    match app.store().run(create).await? {
        StaffCreated::Created => Ok(id),
        StaffCreated::UsernameTaken => Err(AppError::new(ErrorKind::Conflict, code::ALREADY_EXISTS, "用户名已经存在")),
    }
}
