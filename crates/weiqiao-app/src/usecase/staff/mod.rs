//! Members of staff: who they are, how they get in, what they may do.

mod change_password;
mod change_staff;
mod create_staff;
mod door;
mod first_admin;
mod list_staff;
mod login;
mod me;
mod permission;
mod reset_password;
mod setup;
mod verify_staff;

use serde::Serialize;
use weiqiao_model::{Role, SessionId, StaffId};
use weiqiao_store::facts::staff::StoredStaff;

use self::create_staff::OpenedStaff;
use crate::App;
use crate::vault::Damaged;

pub use change_password::change_password;
pub use change_staff::{StaffPatch, change_staff};
pub(crate) use create_staff::name_place;
pub use create_staff::{CreatedStaff, NewStaff, StaffDetails, create_staff};
pub use door::{LADDER, MAX_FAILURES, MAX_FAILURES_OF_A_USER, WINDOW};
pub use first_admin::{FirstAdmin, SetUp, ensure_first_admin, look_at_setup_token, needs_setup, redeem_setup_token};
pub use list_staff::{ListedStaff, StaffFilter, StaffList, list_staff};
pub use login::{SessionLife, StaffBrowserLogin, StaffLogin, StaffLoginAnswer, staff_login, staff_login_in_browser};
pub use me::staff_me;
pub use permission::Permission;
pub use reset_password::reset_password;
pub use setup::{SETUP_TOKEN_LIFE, SetupToken, issue_setup};
pub(crate) use verify_staff::StaffCache;
pub use verify_staff::{staff_logout, verify_staff, verify_staff_cookie};

/// A verified member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffContext {
    /// The session's id.
    pub session_id: SessionId,
    /// Who.
    pub staff_id: StaffId,
    /// The name they log in with.
    pub username: String,
    /// What they may do.
    pub role: Role,
    /// Rights beyond their role.
    pub extra: Vec<Permission>,
    /// Which advisor they are.
    pub advisor_id: Option<String>,
    /// When the session ends by itself, epoch milliseconds.
    pub expires_at: i64,
}

impl StaffContext {
    /// Whether they may.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        permission.comes_with(self.role) || self.extra.contains(&permission)
    }
}

/// A member of staff as the API shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaffProfile {
    /// Our id.
    pub id: String,
    /// The name they log in with.
    pub username: String,
    /// Their name; nothing when it is damaged, as in the next two.
    pub name: Option<String>,
    /// Their phone; empty when none is known.
    pub phone: Option<String>,
    /// Their e-mail address; empty when none is known.
    pub email: Option<String>,
    /// Address of their portrait.
    pub avatar: String,
    /// `admin`, `supervisor`, `advisor` or `viewer`.
    pub role: Role,
    /// Where they work.
    pub department: String,
    /// Which advisor they are.
    pub advisor_id: Option<String>,
    /// Everything they may do, by role and beyond.
    pub permissions: Vec<String>,
    /// What of it cannot be read.
    #[serde(skip_serializing_if = "Damaged::is_empty")]
    pub damaged: Damaged,
}

impl StaffProfile {
    fn of(app: &App, staff: StoredStaff) -> Self {
        let OpenedStaff { name, phone, email, damaged } = OpenedStaff::of(app, &staff);
        let by_role = Permission::ALL.into_iter().filter(|permission| permission.comes_with(staff.role));
        let mut permissions: Vec<String> = by_role.map(|permission| permission.as_str().to_owned()).collect();
        for extra in staff.permissions {
            if !permissions.contains(&extra) {
                permissions.push(extra);
            }
        }
        Self {
            id: staff.id.into_string(),
            username: staff.username,
            name,
            phone,
            email,
            avatar: staff.avatar,
            role: staff.role,
            department: staff.department,
            advisor_id: staff.advisor_id,
            permissions,
            damaged,
        }
    }
}

/// User names are one whatever case they are typed in.
fn folded(username: &str) -> String {
    username.trim().to_lowercase()
}
