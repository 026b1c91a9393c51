//! Role, name, advisor or the like of a member of staff changes, or they are shut out.

use weiqiao_model::{Role, StaffId};

use super::{StoredStaff, columns};
use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// Locks everybody who could be the last admin, so that no two of them leave at the same moment.
const LOCK_ADMINS: &str = "UPDATE staff SET updated_at = updated_at WHERE role = 'admin' AND disabled_at IS NULL";

/// Those who can log in: whoever has only a link to set a password may never use it.
const OTHER_ADMINS: &str = "SELECT count(*) FROM staff WHERE role = 'admin' AND disabled_at IS NULL AND password_hash <> '' \
    AND id <> $1";

const FIND: &str = concat!("SELECT ", columns!(), " FROM staff WHERE id = $1");

const CHANGE: &str = concat!(
    "UPDATE staff SET name = $2, phone = $3, email = $4, role = $5, department = $6, advisor_id = $7, disabled_at = $8, \
    updated_at = $9 WHERE id = $1 RETURNING ",
    columns!()
);

const REVOKE: &str = "UPDATE session SET revoked_at = $2 WHERE kind = 'staff' AND subject = $1 AND revoked_at IS NULL";

/// Changes what is given and leaves the rest. Whoever is disabled has no session any more in the same commit.
#[derive(Debug, Clone)]
pub struct ChangeStaff {
    /// Who.
    pub id: StaffId,
    /// Their name, sealed.
    pub name: Option<Vec<u8>>,
    /// Their phone, sealed; `Some(None)`: none any more.
    pub phone: Option<Option<Vec<u8>>>,
    /// Their e-mail address, sealed; `Some(None)`: none any more.
    pub email: Option<Option<Vec<u8>>>,
    /// What they may do.
    pub role: Option<Role>,
    /// Where they work.
    pub department: Option<String>,
    /// Which advisor they are; `Some(None)`: none any more.
    pub advisor_id: Option<Option<String>>,
    /// Whether they may not log in any more.
    pub disabled: Option<bool>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffChange {
    /// They were so, and are so now.
    Changed(Box<(StoredStaff, StoredStaff)>),
    /// There is nobody of this id.
    Unknown,
    /// Nobody could administer any more.
    LastAdmin,
}

impl Command for ChangeStaff {
    const NAME: &'static str = "staff.change";
    type Output = StaffChange;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<StaffChange, StoreError> {
        let leaves = self.disabled == Some(true) || self.role.is_some_and(|role| role != Role::Admin);
        if leaves {
            tx.execute(LOCK_ADMINS, params![]).await?;
        }
        let Some(row) = tx.query_opt(FIND, params![&self.id]).await? else { return Ok(StaffChange::Unknown) };
        let before = StoredStaff::read(row)?;
        if leaves && before.role == Role::Admin && before.disabled_at.is_none() {
            let others = tx.query_one(OTHER_ADMINS, params![&self.id]).await?.integer()?;
            if others == 0 {
                return Ok(StaffChange::LastAdmin);
            }
        }
        let disabled_at = match self.disabled {
            None => before.disabled_at,
            Some(false) => None,
            Some(true) => before.disabled_at.or(Some(self.now)),
        };
        let values = params![
            &self.id,
            self.name.as_ref().unwrap_or(&before.name),
            self.phone.as_ref().unwrap_or(&before.phone).as_ref(),
            self.email.as_ref().unwrap_or(&before.email).as_ref(),
            self.role.unwrap_or(before.role).as_str(),
            self.department.as_ref().unwrap_or(&before.department),
            self.advisor_id.as_ref().unwrap_or(&before.advisor_id),
            disabled_at,
            self.now,
        ];
        let after = StoredStaff::read(tx.query_one(CHANGE, values).await?)?;
        if disabled_at.is_some() {
            tx.execute(REVOKE, params![&self.id, self.now]).await?;
        }
        Ok(StaffChange::Changed(Box::new((before, after))))
    }
}
