//! WeChat refused a token that had just been fetched: fetching more at once would not help.

use weiqiao_model::AppId;

use super::cool_down_ms;
use super::fail_token_fetch::COOL_DOWN;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// Each generation counts once, however many calls were refused with it.
const REJECT: &str = "UPDATE account_token SET rejections = rejections + 1, rejected_generation = $3 \
    WHERE app_id = $1 AND kind = $2 AND generation = $3 AND rejected_generation < $3 RETURNING rejections";

/// Notes that a call was refused for its token, fetched anew, and was refused again with the new one.
///
/// The count is forgotten when a token that was not rejected, or lived out its time, is followed by another.
#[derive(Debug, Clone)]
pub struct RejectToken {
    /// Whose token.
    pub app_id: AppId,
    /// Which sort.
    pub kind: String,
    /// The generation of the refused token.
    pub generation: i64,
    /// How long the next fetch waits after the first, second … rejection in a row, milliseconds. The last entry goes on.
    pub cool_downs_ms: Vec<i64>,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What a rejection led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RejectedToken {
    /// How many fresh tokens were refused in a row.
    pub rejections: i64,
    /// When the next fetch may happen, epoch milliseconds.
    pub retry_at: i64,
}

impl Command for RejectToken {
    const NAME: &'static str = "token.reject";
    /// `None` when the token was replaced meanwhile, or its rejection is known already.
    type Output = Option<RejectedToken>;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Self::Output, StoreError> {
        let reject = params![self.app_id.as_str(), &self.kind, self.generation];
        let Some(mut row) = tx.query_opt(REJECT, reject).await? else { return Ok(None) };
        let rejections = row.integer()?;
        let until = self.now.saturating_add(cool_down_ms(&self.cool_downs_ms, rejections));
        let retry_at = tx.query_one(COOL_DOWN, params![self.app_id.as_str(), &self.kind, until]).await?.integer()?;
        Ok(Some(RejectedToken { rejections, retry_at }))
    }
}
