//! Somebody joins the staff.

use weiqiao_model::{Role, StaffId};

use super::PasswordHash;
use crate::value::{json, params};
use crate::{Command, StoreError, Transaction};

const ADD: &str = "INSERT INTO staff (id, username, password_hash, name, phone, email, avatar, role, department, \
    permissions, created_at, updated_at, advisor_id, setup_hash, setup_until) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $14) \
    ON CONFLICT (username) DO NOTHING";

/// Adds a member of staff.
#[derive(Debug, Clone)]
pub struct CreateStaff {
    /// The new id.
    pub id: StaffId,
    /// The name they log in with. Unique as it is written: fold case before if that matters.
    pub username: String,
    /// Their password; [`PasswordHash::none`] when they are to set one themselves.
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
    /// Which advisor they are.
    pub advisor_id: Option<String>,
    /// With what they may set their first password themselves.
    pub setup: Option<Setup>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// A one-time token to set a password with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// The hash of the token.
    pub hash: String,
    /// Until when it is good, epoch milliseconds.
    pub until: i64,
}

/// Whether somebody joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffCreated {
    /// They did.
    Created,
    /// The user name belongs to somebody else.
    UsernameTaken,
}

impl Command for CreateStaff {
    const NAME: &'static str = "staff.create";
    type Output = StaffCreated;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<StaffCreated, StoreError> {
        let staff = params![
            &self.id,
            &self.username,
            self.password_hash.expose(),
            &self.name,
            self.phone.as_ref(),
            self.email.as_ref(),
            &self.avatar,
            self.role.as_str(),
            &self.department,
            json(&self.permissions)?,
            self.now,
            &self.advisor_id,
            self.setup.as_ref().map(|setup| &setup.hash),
            self.setup.as_ref().map(|setup| setup.until),
        ];
        Ok(match tx.execute(ADD, staff).await? {
            1 => StaffCreated::Created,
            _ => StaffCreated::UsernameTaken,
        })
    }
}
