//! Somebody joins the staff.

use std::fmt;

use serde_json::json;
use weiqiao_model::{Role, StaffId};
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::staff::{CreateStaff, PasswordHash, StaffCreated, StoredStaff};

use super::login::MAX_USERNAME;
use super::setup::{IssuedSetup, new_setup};
use super::{SetupToken, folded};
use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::{AppError, ErrorKind, Result, code};
use crate::redirect::is_invisible;
use crate::usecase::text;
use crate::vault::{Damaged, Place};

/// Who joins.
#[derive(Clone)]
pub struct NewStaff {
    /// The name they will log in with; 1 to 64 characters, without white space.
    pub username: String,
    /// Their first password, 12 to 128 characters; `None`: they set one themselves, with a one-time token.
    pub password: Option<String>,
    /// Their name, up to 100 characters; the user name when empty.
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

/// Where something about a member of staff is sealed for.
pub(super) const fn place<'a>(column: &'static str, id: &'a str) -> Place<'a> {
    Place::new("staff", column, id, "")
}

/// Where the name of a member of staff is sealed for.
pub(crate) const fn name_place(id: &str) -> Place<'_> {
    place("name", id)
}

/// A detail of a member of staff as it is stored; an empty one is none.
pub(super) fn sealed_detail(app: &App, column: &'static str, id: &StaffId, text: &str) -> Option<Vec<u8>> {
    (!text.is_empty()).then(|| app.vault().seal(place(column, id.as_str()), text.as_bytes()))
}

/// The name of a member of staff as it is stored.
pub(super) fn sealed_name(app: &App, id: &StaffId, name: &str) -> Vec<u8> {
    app.vault().seal(name_place(id.as_str()), name.as_bytes())
}

/// Name, phone and e-mail address, as they were stored; nothing for what is damaged, empty for what is not known.
pub(super) struct OpenedStaff {
    pub(super) name: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) damaged: Damaged,
}

impl OpenedStaff {
    pub(super) fn of(app: &App, staff: &StoredStaff) -> Self {
        let id = staff.id.as_str();
        let mut row = app.vault().row(id);
        let mut detail = |column: &'static str, sealed: &Option<Vec<u8>>| match sealed {
            Some(sealed) => row.text(column, place(column, id), sealed),
            None => Some(String::new()),
        };
        let (phone, email) = (detail("phone", &staff.phone), detail("email", &staff.email));
        let name = row.text("name", name_place(id), &staff.name);
        Self { name, phone, email, damaged: row.damaged() }
    }
}

/// Whether these can be: an empty one is none.
pub(super) fn check_details(email: Option<&str>, advisor_id: Option<&str>) -> Result<()> {
    let blank = |c: char| c.is_whitespace() || c.is_control() || is_invisible(c);
    let is_address = |text: &str| {
        let (name, host) = text.rsplit_once('@').unwrap_or_default();
        let labels = host.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
        text.len() <= 254 && !name.is_empty() && !name.contains('@') && labels && !text.contains(blank)
    };
    if email.is_some_and(|email| !email.is_empty() && !is_address(email)) {
        return Err(AppError::field("email", "format", "email 不是邮箱地址，例如 lina@example.com"));
    }
    if advisor_id.is_some_and(|id| id.is_empty() || id.len() > 128 || id.contains(blank)) {
        return Err(AppError::field("advisor_id", "format", "advisor_id 必须为 1 到 128 字节，不能包含空白"));
    }
    Ok(())
}

/// Adds a member of staff. Whoever calls this has checked that it may be done.
///
/// # Errors
///
/// `Invalid` for an impossible user name, name, e-mail address or advisor, or a weak password, `Conflict` when the name is taken.
pub async fn create_staff(app: &App, actor: impl Into<Actor>, new: NewStaff) -> Result<CreatedStaff> {
    let username = folded(&new.username);
    let length = username.chars().count();
    if !(1..=MAX_USERNAME).contains(&length) || username.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(AppError::field("username", "username", "用户名必须为 1 到 64 个字符，不能包含空白"));
    }
    let name = if new.name.trim().is_empty() { &username } else { text::name(&new.name)? }.to_owned();
    check_details(Some(&new.details.email), new.details.advisor_id.as_deref())?;
    let (password_hash, issued) = match &new.password {
        Some(password) => (PasswordHash::new(app.passwords().hash(password).await?), None),
        None => (PasswordHash::none(), Some(new_setup(app))),
    };
    let (token, setup) = issued.map(|IssuedSetup { token, setup }| (token, setup)).unzip();
    let id: StaffId = app.new_id();
    let detail = json!({ "username": username, "role": new.role.as_str(), "advisor_id": new.details.advisor_id });
    let mut entry = app.audit_entry(actor, Deed::StaffCreated, "staff", id.as_str(), &detail);
    entry.after = Some(app.audit_digest(&detail));
    let create = CreateStaff {
        id: id.clone(),
        username,
        password_hash,
        name: sealed_name(app, &id, &name),
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
