//! Staff make an advisor known.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SAVE: &str = "INSERT INTO advisor (app_id, id, openid_index, source, created_at, updated_at) \
    VALUES ($1, $2, $3, 'staff', $4, $4) ON CONFLICT (app_id, id) DO UPDATE SET openid_index = excluded.openid_index, \
    source = 'staff', updated_at = excluded.updated_at";

/// Makes an advisor known, and says who may subscribe for them.
#[derive(Debug, Clone)]
pub struct SaveAdvisor {
    /// The mini program.
    pub app_id: String,
    /// The client's name for them.
    pub id: String,
    /// Blind index of their openid; nothing: whoever subscribes first.
    pub openid_index: Option<String>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

impl Command for SaveAdvisor {
    const NAME: &'static str = "advisor.save";
    type Output = ();

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<(), StoreError> {
        tx.execute(SAVE, params![&self.app_id, &self.id, &self.openid_index, self.now]).await.map(drop)
    }
}
