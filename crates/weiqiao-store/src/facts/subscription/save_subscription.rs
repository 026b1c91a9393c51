//! Somebody subscribed to messages for an advisor, or called them off.

use weiqiao_model::crash_point;

use super::{StoredSubscription, columns};
use crate::facts::advisor::{AdvisorRule, Standing, admit};
use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// What was indexed with an earlier key is found again.
const REINDEX: &str = "UPDATE subscription SET openid_index = $4 WHERE app_id = $1 AND advisor_id = $2 \
    AND openid_index = $3 AND NOT EXISTS (SELECT 1 FROM subscription newer WHERE newer.app_id = $1 \
    AND newer.advisor_id = $2 AND newer.openid_index = $4 AND newer.template_id = subscription.template_id)";

const SAVE: &str = concat!(
    "INSERT INTO subscription (id, app_id, advisor_id, template_id, openid_index, openid, subscribed, spent, renewals, \
    given_by_calls, given_by_events, used, data, subscribed_at, unsubscribed_at, created_at, updated_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $7, 0, 0, $8, $9, $10, $11, $11) \
    ON CONFLICT (app_id, advisor_id, openid_index, template_id) DO UPDATE SET openid = excluded.openid, \
    subscribed = excluded.subscribed, \
    spent = CASE WHEN excluded.subscribed = 1 THEN 0 ELSE subscription.spent END, \
    renewals = subscription.renewals + excluded.subscribed, \
    given_by_calls = CASE WHEN subscription.given_by_calls - subscription.used < CAST($12 AS BIGINT) \
    THEN subscription.given_by_calls + excluded.subscribed ELSE subscription.given_by_calls END, \
    data = CASE WHEN excluded.subscribed = 1 THEN COALESCE(excluded.data, subscription.data) \
    ELSE subscription.data END, \
    subscribed_at = COALESCE(excluded.subscribed_at, subscription.subscribed_at), \
    unsubscribed_at = COALESCE(excluded.unsubscribed_at, subscription.unsubscribed_at), \
    updated_at = excluded.updated_at RETURNING ",
    columns!()
);

/// Saves what somebody wants. Each time it is wanted is leave for one more message.
#[derive(Debug, Clone)]
pub struct SaveSubscription {
    /// The id its row gets when it is new.
    pub id: String,
    /// The mini program.
    pub app_id: String,
    /// For which advisor.
    pub advisor_id: String,
    /// Which messages.
    pub template_id: String,
    /// Blind indexes of the openid, the current one first.
    pub who: Vec<String>,
    /// The openid, sealed for advisor and template.
    pub openid: Vec<u8>,
    /// Whether they are wanted.
    pub subscribed: bool,
    /// What to keep with it, sealed; nothing: what was kept before.
    pub data: Option<Vec<u8>>,
    /// Who may be an advisor.
    pub rule: AdvisorRule,
    /// More messages than this are not counted.
    pub most: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SavedSubscription {
    /// It is so now.
    Saved(Box<StoredSubscription>),
    /// Nobody knows this advisor.
    AdvisorUnknown,
    /// The advisor is somebody else.
    AdvisorTaken,
}

impl Command for SaveSubscription {
    const NAME: &'static str = "subscription.save";
    type Output = SavedSubscription;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<SavedSubscription, StoreError> {
        let advisor = (self.app_id.as_str(), self.advisor_id.as_str());
        match admit(tx, advisor, self.rule, &self.who, self.now).await? {
            Standing::Theirs => {}
            Standing::Unknown => return Ok(SavedSubscription::AdvisorUnknown),
            Standing::SomebodyElses => return Ok(SavedSubscription::AdvisorTaken),
        }
        let (who, earlier) = self.who.split_first().ok_or_else(|| StoreError::internal("a subscription of nobody"))?;
        for old in earlier {
            tx.execute(REINDEX, params![&self.app_id, &self.advisor_id, old, who]).await?;
        }
        let row = params![
            &self.id,
            &self.app_id,
            &self.advisor_id,
            &self.template_id,
            who,
            &self.openid,
            self.subscribed,
            self.data.as_ref(),
            self.subscribed.then_some(self.now),
            (!self.subscribed).then_some(self.now),
            self.now,
            self.most,
        ];
        let mut row = tx.query_one(SAVE, row).await?;
        crash_point!("subscription.row.after");
        Ok(SavedSubscription::Saved(Box::new(StoredSubscription::read(&mut row)?)))
    }
}
