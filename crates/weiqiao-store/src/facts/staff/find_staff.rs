//! Who is this member of staff?

use weiqiao_model::StaffId;

use super::{StoredStaff, columns};
use crate::value::params;
use crate::{Query, Read, StoreError};

const FIND: &str = concat!("SELECT ", columns!(), " FROM staff WHERE id = $1");

const FIND_BY_USERNAME: &str = concat!("SELECT ", columns!(), " FROM staff WHERE username = $1");

/// Finds a member of staff, also one who may not log in any more.
#[derive(Debug, Clone)]
pub struct FindStaff {
    /// Who.
    pub id: StaffId,
}

impl Query for FindStaff {
    const NAME: &'static str = "staff.find";
    type Output = Option<StoredStaff>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        db.query_opt(FIND, params![&self.id]).await?.map(StoredStaff::read).transpose()
    }
}

/// Finds a member of staff by the name they log in with.
#[derive(Debug, Clone)]
pub struct FindStaffByUsername {
    /// The name, as it was stored.
    pub username: String,
}

impl Query for FindStaffByUsername {
    const NAME: &'static str = "staff.find_by_username";
    type Output = Option<StoredStaff>;

    async fn run<R: Read>(&self, db: &mut R) -> Result<Self::Output, StoreError> {
        db.query_opt(FIND_BY_USERNAME, params![&self.username]).await?.map(StoredStaff::read).transpose()
    }
}
