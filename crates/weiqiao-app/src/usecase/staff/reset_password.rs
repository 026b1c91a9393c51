//! A password is set anew, and whoever used the old one is out.

use serde_json::json;
use weiqiao_model::SessionId;
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::staff::{FindStaffByUsername, PasswordHash, SetStaffPassword};

use super::folded;
use crate::App;
use crate::audit::{Actor, Deed};
use crate::error::{AppError, Result, code};

/// Sets a password and ends the person's sessions, but for `keep`. Whoever calls this has checked that it may be done.
///
/// # Errors
///
/// `NotFound` for an unknown user name, `Invalid` for a weak password.
pub async fn reset_password(
    app: &App,
    actor: impl Into<Actor>,
    username: &str,
    password: &str,
    keep: Option<SessionId>,
) -> Result<()> {
    let unknown = || AppError::not_found(code::NOT_FOUND, "没有这个用户");
    let found = app.store().read(FindStaffByUsername { username: folded(username) }).await?;
    let staff = found.ok_or_else(unknown)?;
    let password_hash = PasswordHash::new(app.passwords().hash(password).await?);
    let detail = json!({ "by": "reset" });
    let entry = app.audit_entry(actor, Deed::PasswordChanged, "staff", staff.id.as_str(), &detail);
    let set = SetStaffPassword { id: staff.id, password_hash, keep_session: keep, now: app.now_ms() };
    if !app.store().run(Audited::new(set, entry, |done| *done)).await? {
        return Err(unknown());
    }
    app.staff().clear();
    Ok(())
}
