//! Somebody joins the staff.

use weiqiao_model::{Role, StaffId};

use super::PasswordHash;
use crate::value::{json, params};
use crate::{Command, StoreError, Transaction};

const ADD: &str = "INSERT INTO staff (id, username, password_hash, name, phone, email, avatar, role, department, \
    permissions, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) \
    ON CONFLICT (username) DO NOTHING";

/// Adds a member of staff.
#[derive(Debug, Clone)]
pub struct CreateStaff {
    /// The new id.
    pub id: StaffId,
    /// The name they log in with. Unique as it is written: fold case before if that matters.
    pub username: String,
    /// Their password.
    pub password_hash: PasswordHash,
    /// Their name.
    pub name: String,
    /// Their phone; may be empty.
    pub phone: String,
    /// Their e-mail address; may be empty.
    pub email: String,
    /// Address of their portrait; may be empty.
    pub avatar: String,
    /// What they may do.
    pub role: Role,
    /// Where they work; may be empty.
    pub department: String,
    /// Rights beyond their role.
    pub permissions: Vec<String>,
    /// Now, epoch milliseconds.
    pub now: i64,
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
            &self.phone,
            &self.email,
            &self.avatar,
            self.role.as_str(),
            &self.department,
            json(&self.permissions)?,
            self.now,
        ];
        Ok(match tx.execute(ADD, staff).await? {
            1 => StaffCreated::Created,
            _ => StaffCreated::UsernameTaken,
        })
    }
}
