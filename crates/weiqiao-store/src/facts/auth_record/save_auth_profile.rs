//! WeChat said who the person is.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SAVE: &str = "UPDATE auth_record SET profile = $2, unionid = COALESCE($3, unionid), \
    unionid_index = COALESCE($4, unionid_index), updated_at = $5 WHERE id = $1";

/// Replaces the profile of a record. The tokens, and their version, stay.
#[derive(Debug, Clone)]
pub struct SaveAuthProfile {
    /// Whose record.
    pub id: String,
    /// The profile, sealed.
    pub profile: Vec<u8>,
    /// The unionid, sealed. `None` keeps an earlier one.
    pub unionid: Option<Vec<u8>>,
    /// The blind index of the unionid.
    pub unionid_index: Option<String>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for SaveAuthProfile {
    const NAME: &'static str = "auth_record.save_profile";
    /// Whether there is such a record.
    type Output = bool;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        let params = params![&self.id, &self.profile, self.unionid.as_ref(), &self.unionid_index, self.now];
        Ok(tx.execute(SAVE, params).await? == 1)
    }
}
