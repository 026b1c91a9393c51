//! One more of what may be done only so often in a day.

use crate::value::params;
use crate::{Command, StoreError, Transaction};

const USE: &str = "INSERT INTO spending (app_id, what, who, day, used) VALUES ($1, $2, $3, $4, 1) \
    ON CONFLICT (app_id, what, who, day) DO UPDATE SET used = spending.used + 1 WHERE spending.used < CAST($5 AS BIGINT) \
    RETURNING used";

const GIVE_BACK: &str =
    "UPDATE spending SET used = used - 1 WHERE app_id = $1 AND what = $2 AND who = $3 AND day = $4 AND used > 0";

/// How often something may be done on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// Whose quota it is.
    pub app_id: String,
    /// What is counted; one of a few fixed words.
    pub what: &'static str,
    /// For whom: an id of ours, never a clear openid; empty for everybody together.
    pub who: String,
    /// Days since 1970, as the caller counts them.
    pub day: i64,
    /// As often as that.
    pub most: i64,
}

/// Whether one more was allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// It is counted.
    Counted {
        /// This one was the last of an allowance of the day.
        last: Option<&'static str>,
    },
    /// This allowance of the day is used up; nothing was counted.
    UsedUp(&'static str),
}

/// Counts one more of each, or of none when one of them is used up.
#[derive(Debug, Clone)]
pub struct Spend {
    /// What has to allow it.
    pub allowances: Vec<Allowance>,
}

impl Command for Spend {
    const NAME: &'static str = "spending.spend";
    type Output = Spent;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Spent, StoreError> {
        spend(tx, &self.allowances).await
    }
}

/// See [`Spend`].
pub(in crate::facts) async fn spend<T: Transaction>(tx: &mut T, allowances: &[Allowance]) -> Result<Spent, StoreError> {
    let mut last = None;
    for (counted, one) in allowances.iter().enumerate() {
        let row = params![&one.app_id, one.what, &one.who, one.day, one.most];
        let used = match one.most > 0 {
            true => tx.query_opt(USE, row).await?.map(|mut row| row.integer()).transpose()?,
            false => None,
        };
        let Some(used) = used else {
            let back = allowances.iter().take(counted);
            let back = back.map(|one| (GIVE_BACK, params![&one.app_id, one.what, &one.who, one.day]));
            tx.batch(back.collect()).await?;
            return Ok(Spent::UsedUp(one.what));
        };
        if used >= one.most {
            last = Some(one.what);
        }
    }
    Ok(Spent::Counted { last })
}
