//! Somebody joins the staff.

use std::fmt;

use serde_json::json;
use weiqiao_model::{Role, StaffId};
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::staff::{CreateStaff, PasswordHash, StaffCreated};

use super::login::MAX_USERNAME;
use super::setup::{IssuedSetup, new_setup};
use super::{SetupToken, folded};
use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::{AppError, ErrorKind, Result, code};
use crate::vault::Place;

/// Who joins.
#[derive(Clone)]
pub struct NewStaff {
    /// The name they will log in with; 1 to 64 characters, without white space.
    pub username: String,
    /// Their first password, 12 to 128 characters; `None`: they set one themselves, with a one-time token.
    pub password: Option<String>,
    /// Their name; the user name when empty.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What else is known about them.
    pub details: StaffDetails,
}

impl NewStaff {
    /// Somebody with a password and no more.
    #[must_use]
    pub fn with_password(username: impl Into<String>, password: impl Into<String>, role: Role) -> Self {
        Self {
            username: username.into(),
            password: Some(password.into()),
            name: String::new(),
            role,
            details: StaffDetails::default(),
        }
    }
}

/// What else is known about a member of staff. Everything may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaffDetails {
    /// Their phone.
    pub phone: String,
    /// Their e-mail address.
    pub email: String,
    /// Where they work.
    pub department: String,
    /// Which advisor they are.
    pub advisor_id: Option<String>,
}

impl fmt::Debug for NewStaff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewStaff").field("username", &self.username).field("role", &self.role).finish_non_exhaustive()
    }
}

/// They joined.
#[derive(Debug, Clone)]
pub struct CreatedStaff {
    /// Our id of them.
    pub id: StaffId,
    /// With what they set their first password, and until when (epoch seconds); shown this once.
    pub setup: Option<(SetupToken, i64)>,
}

/// A detail of a member of staff as it is stored; an empty one is none.
pub(super) fn sealed_detail(app: &App, column: &'static str, id: &StaffId, text: &str) -> Option<Vec<u8>> {
    let place = Place::new("staff", column, id.as_str(), "");
    (!text.is_empty()).then(|| app.vault().seal(place, text.as_bytes()))
}

/// A detail of a member of staff as it was stored.
pub(super) fn open_detail(app: &App, column: &'static str, id: &StaffId, sealed: Option<&[u8]>) -> Result<String> {
    let place = Place::new("staff", column, id.as_str(), "");
    let opened = sealed.map(|sealed| app.vault().open_text(place, sealed)).transpose()?;
    Ok(opened.map(|text| text.as_str().to_owned()).unwrap_or_default())
}

/// Adds a member of staff. Whoever calls this has checked that it may be done.
///
/// # Errors
///
/// `Invalid` for an impossible user name or a weak password, `Conflict` when the name is taken.
pub async fn create_staff(app: &App, actor: impl Into<Actor>, new: NewStaff) -> Result<CreatedStaff> {
    let username = folded(&new.username);
    let length = username.chars().count();
    if !(1..=MAX_USERNAME).contains(&length) || username.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(AppError::field("username", "username", "用户名必须为 1 到 64 个字符，不能包含空白"));
    }
    let (password_hash, issued) = match &new.password {
        Some(password) => (PasswordHash::new(app.passwords().hash(password).await?), None),
        None => (PasswordHash::none(), Some(new_setup(app))),
    };
    let (token, setup) = issued.map(|IssuedSetup { token, setup }| (token, setup)).unzip();
    let id: StaffId = app.new_id();
    let name = if new.name.trim().is_empty() { username.clone() } else { new.name.trim().to_owned() };
    let detail = json!({ "username": username, "role": new.role.as_str(), "advisor_id": new.details.advisor_id });
    let mut entry = app.audit_entry(actor, Deed::StaffCreated, "staff", id.as_str(), &detail);
    entry.after = Some(app.audit_digest(&detail));
    let create = CreateStaff {
        id: id.clone(),
        username,
        password_hash,
        name,
        phone: sealed_detail(app, "phone", &id, &new.details.phone),
        email: sealed_detail(app, "email", &id, &new.details.email),
        avatar: String::new(),
        role: new.role,
        department: new.details.department,
        permissions: Vec::new(),
        advisor_id: new.details.advisor_id,
        setup: setup.clone(),
        now: app.now_ms(),
    };
    match app.store().run(Audited::new(create, entry, |made| *made == StaffCreated::Created)).await? {
        StaffCreated::Created => {
            let until = setup.map(|setup| setup.until.div_euclid(1000));
            Ok(CreatedStaff { id, setup: token.zip(until) })
        }
        StaffCreated::UsernameTaken => Err(AppError::new(ErrorKind::Conflict, code::ALREADY_EXISTS, "用户名已经存在")),
    }
}
