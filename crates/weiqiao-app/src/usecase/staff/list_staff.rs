//! Who works here?

use serde::Serialize;
use weiqiao_model::Role;
use weiqiao_store::facts::staff::{ListStaff, StoredStaff};

use super::{OpenedStaff, folded};
use crate::App;
use crate::error::Result;
use crate::vault::Damaged;

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct StaffFilter {
    /// Only of this role.
    pub role: Option<Role>,
    /// Only those who may, or may not, log in.
    pub disabled: Option<bool>,
    /// Only the one of this user name.
    pub username: Option<String>,
    /// Which page, from 1.
    pub page: u32,
    /// How many on a page, at most 200.
    pub page_size: u32,
}

/// A member of staff in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedStaff {
    /// Our id of them.
    pub id: String,
    /// The name they log in with.
    pub username: String,
    /// Their name; nothing when it is damaged, as in the next two.
    pub name: Option<String>,
    /// Their phone; empty when none is known.
    pub phone: Option<String>,
    /// Their e-mail address; empty when none is known.
    pub email: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Where they work.
    pub department: String,
    /// Which advisor they are.
    pub advisor_id: Option<String>,
    /// Whether they may not log in any more.
    pub disabled: bool,
    /// Whether they have a password; not before they set one with their token.
    pub has_password: bool,
    /// Until when their set-up token is good, epoch seconds.
    pub setup_until: Option<i64>,
    /// When they joined, epoch seconds.
    pub created_at: i64,
    /// The last change, epoch seconds.
    pub updated_at: i64,
    /// What of it cannot be read.
    #[serde(skip_serializing_if = "Damaged::is_empty")]
    pub damaged: Damaged,
}

impl ListedStaff {
    pub(super) fn of(app: &App, staff: StoredStaff) -> Self {
        let seconds = |ms: i64| ms.div_euclid(1000);
        let OpenedStaff { name, phone, email, damaged } = OpenedStaff::of(app, &staff);
        Self {
            id: staff.id.into_string(),
            username: staff.username,
            name,
            phone,
            email,
            role: staff.role,
            department: staff.department,
            advisor_id: staff.advisor_id,
            disabled: staff.disabled_at.is_some(),
            has_password: staff.password_hash.is_set(),
            setup_until: staff.setup_until.map(seconds),
            created_at: seconds(staff.created_at),
            updated_at: seconds(staff.updated_at),
            damaged,
        }
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffList {
    /// By user name.
    pub items: Vec<ListedStaff>,
    /// How many there are on all pages.
    pub total: u64,
}

/// Lists staff, also those who were shut out. Whoever calls this has checked that it may be done.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn list_staff(app: &App, filter: StaffFilter) -> Result<StaffList> {
    let StaffFilter { role, disabled, username, page, page_size } = filter;
    let username = username.map(|username| folded(&username));
    let found = app.store().read(ListStaff { role, disabled, username, page, page_size }).await?;
    let items = found.items.into_iter().map(|staff| ListedStaff::of(app, staff)).collect();
    Ok(StaffList { items, total: found.total })
}
