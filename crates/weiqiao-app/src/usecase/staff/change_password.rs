//! A member of staff changes their own password.

use serde_json::json;
use weiqiao_store::facts::audit::Audited;
use weiqiao_store::facts::staff::{FindStaff, PasswordHash, SetStaffPassword};

use super::StaffContext;
use super::door::Door;
use crate::App;
use crate::audit::Deed;
use crate::error::{AppError, ErrorKind, Result, code};
use crate::password::check_strength;

/// Sets a new password after the old one was shown again; their other sessions end. A wrong old one counts like a failed
/// login.
///
/// # Errors
///
/// `Unauthorized` with code `INVALID_CREDENTIALS` when the old password is wrong, `Invalid` for a weak new one, `TooMany` as
/// at login.
pub async fn change_password(app: &App, staff: &StaffContext, ip: &str, old: &str, new: &str) -> Result<()> {
    check_strength("new_password", new)?;
    if old == new {
        return Err(AppError::field("new_password", "same", "新密码不能和原密码相同"));
    }
    let place = app.passwords().place()?;
    let door = Door::knock(app, &staff.username, ip).await?;
    let found = app.store().read(FindStaff { id: staff.staff_id.clone() }).await?;
    let stored = found.as_ref().map(|found| found.password_hash.expose()).filter(|hash| !hash.is_empty());
    if !place.verify(old, stored).await? {
        let detail = json!({ "ip": ip, "why": "old_password" });
        let deed = if door.locks { Deed::LoginLocked } else { Deed::LoginFailed };
        app.record_audit(app.audit_entry(staff, deed, "staff", staff.staff_id.as_str(), &detail)).await?;
        return Err(AppError::new(ErrorKind::Unauthorized, code::INVALID_CREDENTIALS, "原密码不正确"));
    }
    door.open(app).await?;
    let password_hash = PasswordHash::new(app.passwords().hash(new).await?);
    let detail = json!({ "by": "owner", "ip": ip });
    let entry = app.audit_entry(staff, Deed::PasswordChanged, "staff", staff.staff_id.as_str(), &detail);
    let set = SetStaffPassword {
        id: staff.staff_id.clone(),
        password_hash,
        keep_session: Some(staff.session_id.clone()),
        now: app.now_ms(),
    };
    if !app.store().run(Audited::new(set, entry, |done| *done)).await? {
        return Err(AppError::unauthorized());
    }
    app.staff().clear();
    Ok(())
}
