//! Members of staff.

mod change_staff;
mod count_staff;
mod create_staff;
mod find_setup;
mod find_staff;
mod find_staff_session;
mod issue_setup;
mod list_staff;
mod redeem_setup;
mod set_staff_password;

use std::fmt;

use weiqiao_model::{Role, StaffId};

pub use change_staff::{ChangeStaff, StaffChange};
pub use count_staff::CountStaff;
pub use create_staff::{CreateStaff, Setup, StaffCreated};
pub use find_setup::FindSetup;
pub use find_staff::{FindStaff, FindStaffByUsername};
pub use find_staff_session::{FindStaffSession, StoredStaffSession};
pub use issue_setup::IssueSetup;
pub use list_staff::{ListStaff, StaffPage};
pub use redeem_setup::RedeemSetup;
pub use set_staff_password::SetStaffPassword;

use crate::{Row, StoreError};

/// A password hash (Argon2id in PHC form). Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes a PHC string.
    pub fn new(phc: impl Into<String>) -> Self {
        Self(phc.into())
    }

    /// Of somebody who has not set a password yet: nothing verifies against it.
    #[must_use]
    pub fn none() -> Self {
        Self(String::new())
    }

    /// Whether there is a password at all.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !self.0.is_empty()
    }

    /// The PHC string; empty when none was set.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// What is stored about a member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStaff {
    /// Our id of them.
    pub id: StaffId,
    /// The name they log in with, unique as it is written.
    pub username: String,
    /// Their password.
    pub password_hash: PasswordHash,
    /// Their name, sealed.
    pub name: Vec<u8>,
    /// Their phone, sealed.
    pub phone: Option<Vec<u8>>,
    /// Their e-mail address, sealed.
    pub email: Option<Vec<u8>>,
    /// Address of their portrait; may be empty.
    pub avatar: String,
    /// What they may do.
    pub role: Role,
    /// Where they work; may be empty.
    pub department: String,
    /// Rights beyond their role.
    pub permissions: Vec<String>,
    /// Since when they may not log in any more, epoch milliseconds.
    pub disabled_at: Option<i64>,
    /// When they were added, epoch milliseconds.
    pub created_at: i64,
    /// The last change, epoch milliseconds.
    pub updated_at: i64,
    /// Which advisor they are.
    pub advisor_id: Option<String>,
    /// Until when they may set a password with a one-time token, epoch milliseconds; `None`: there is no such token.
    pub setup_until: Option<i64>,
}

/// The columns [`StoredStaff::read`] reads, in its order.
macro_rules! columns {
    () => {
        "id, username, password_hash, name, phone, email, avatar, role, department, permissions, disabled_at, \
         created_at, updated_at, advisor_id, setup_until"
    };
}
use columns;

impl StoredStaff {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Self::read_next(&mut row)
    }

    fn read_next(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id()?,
            username: row.text()?,
            password_hash: PasswordHash::new(row.text()?),
            name: row.bytes()?,
            phone: row.opt_bytes()?,
            email: row.opt_bytes()?,
            avatar: row.text()?,
            role: row.word()?,
            department: row.text()?,
            permissions: row.json()?,
            disabled_at: row.opt_integer()?,
            created_at: row.integer()?,
            updated_at: row.integer()?,
            advisor_id: row.opt_text()?,
            setup_until: row.opt_integer()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PasswordHash;

    #[test]
    fn debug_hides_the_hash() {
        assert_eq!(format!("{:?}", PasswordHash::new("$argon2id$v=19$abc")), "[secret]");
    }
}
