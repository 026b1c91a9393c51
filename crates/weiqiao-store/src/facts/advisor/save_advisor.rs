//! Staff make an advisor known.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const SAVE: &str = "INSERT INTO advisor (app_id, id, openid_index, source, created_at, updated_at) \
    VALUES ($1, $2, $3, 'staff', $4, $4) ON CONFLICT (app_id, id) DO UPDATE SET openid_index = excluded.openid_index, \
    source = 'staff', updated_at = excluded.updated_at";

/// Whoever was the advisor before hears of no customer any more; what was owed to them is called off when its turn comes.
const END_OTHERS: &str = "UPDATE subscription SET subscribed = 0, unsubscribed_at = $4, updated_at = $4 \
    WHERE app_id = $1 AND advisor_id = $2 AND openid_index <> $3 AND subscribed = 1";

/// Makes an advisor known, and says who may subscribe for them. Subscriptions of anybody else for them end.
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
        tx.execute(SAVE, params![&self.app_id, &self.id, &self.openid_index, self.now]).await?;
        if let Some(who) = &self.openid_index {
            tx.execute(END_OTHERS, params![&self.app_id, &self.id, who, self.now]).await?;
        }
        Ok(())
    }
}
