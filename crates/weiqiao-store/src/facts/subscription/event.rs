//! WeChat tells what people allow, and what became of messages.

use super::recipient_key;
use crate::value::params;
use crate::{StoreError, Transaction};

const GIVE: &str = "UPDATE subscription SET given_by_events = given_by_events + 1, updated_at = $4 \
    WHERE app_id = $1 AND openid_index = $2 AND template_id = $3";

/// What was allowed after the event happened stays.
const WITHDRAW: &str = "UPDATE subscription SET given_by_calls = 0, given_by_events = 0, used = 0, updated_at = $4 \
    WHERE app_id = $1 AND openid_index = $2 AND template_id = $3 \
    AND (subscribed_at IS NULL OR subscribed_at <= CAST($5 AS BIGINT))";

macro_rules! of_person {
    () => {
        " AND n.app_id = $1 AND n.openid_index = $2 AND n.template_id = $3"
    };
}

/// A number that came by an event is looked for as well: events may be faster than answers.
const KNOWN: &str = concat!(
    "SELECT n.id FROM notification n WHERE n.event_msgid = $4",
    of_person!(),
    " UNION ALL SELECT n.id FROM job JOIN notification n ON n.id = job.id WHERE job.reference = $4",
    of_person!(),
    " LIMIT 1"
);

macro_rules! unanswered {
    () => {
        " AND n.event_msgid IS NULL AND job.reference IS NULL"
    };
}

/// The oldest message of which nobody knows yet how it ended: by the key of its jobs what is owed, by the person what was
/// sent on request.
const OPEN: &str = concat!(
    "SELECT n.id, job.status FROM job JOIN notification n ON n.id = job.id WHERE job.serial_key = $4 \
        AND job.lease_owner IS NOT NULL AND job.status = 'sending'",
    unanswered!(),
    of_person!(),
    " UNION ALL SELECT n.id, job.status FROM job JOIN notification n ON n.id = job.id WHERE job.serial_key = $4 \
        AND job.status = 'uncertain'",
    unanswered!(),
    of_person!(),
    " UNION ALL SELECT n.id, job.status FROM notification n JOIN job ON job.id = n.id WHERE n.sender IS NOT NULL \
        AND job.status IN ('sending', 'uncertain')",
    unanswered!(),
    of_person!(),
    " ORDER BY 1 LIMIT 1"
);

const NOTE: &str = "UPDATE notification SET event_msgid = $2 WHERE id = $1";

const COUNTED: &str = "UPDATE notification SET counted = 1 WHERE id = $1 AND counted = 0";

const USE: &str = "UPDATE subscription SET used = used + 1 \
    WHERE id = (SELECT subscription_id FROM notification WHERE notification.id = $1)";

const USE_OF_PERSON: &str = "UPDATE subscription SET used = used + 1 WHERE id = (SELECT max(id) FROM subscription mine \
    WHERE mine.app_id = $1 AND mine.openid_index = $2 AND mine.template_id = $3)";

const SETTLE: &str = "UPDATE job SET status = 'sent', next_at = NULL, reference = $2, updated_at = $3, \
    finished_at = $3 WHERE id = $1 AND status = 'uncertain'";

const NOTIFIED: &str = "UPDATE customer_action SET notified = $2 \
    WHERE id = (SELECT action_id FROM notification WHERE notification.id = $1)";

/// A message that was taken and got lost inside WeChat.
const LOST: &str = "UPDATE job SET status = 'dead', last_errcode = $2, last_error = $3, updated_at = $4 \
    WHERE id = $1 AND status IN ('sent', 'uncertain')";

/// What an event says about one person and one template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionEvent {
    /// Blind indexes of the person, the current one and earlier ones.
    pub who: Vec<String>,
    /// Which messages.
    pub template_id: String,
    /// What happened.
    pub change: SubscriptionChange,
    /// When, epoch milliseconds by WeChat's clock, the end of that second.
    pub at: i64,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubscriptionChange {
    /// They allowed one more message.
    Given,
    /// They want none any more.
    Withdrawn,
    /// A message arrived.
    Arrived {
        /// Its number.
        msgid: String,
    },
    /// A message that had been taken did not arrive.
    Lost {
        /// Its number.
        msgid: String,
        /// WeChat's code.
        errcode: i64,
        /// WeChat's words.
        words: String,
    },
}

/// Makes the change.
pub(in crate::facts) async fn apply<T: Transaction>(
    tx: &mut T,
    app_id: &str,
    event: &SubscriptionEvent,
    now: i64,
) -> Result<(), StoreError> {
    for who in &event.who {
        let person = params![app_id, who, &event.template_id];
        match &event.change {
            SubscriptionChange::Given => {
                tx.execute(GIVE, [person, params![now]].concat()).await?;
            }
            SubscriptionChange::Withdrawn => {
                tx.execute(WITHDRAW, [person, params![now, event.at]].concat()).await?;
            }
            SubscriptionChange::Arrived { msgid } => {
                if arrived(tx, person, &recipient_key(app_id, who), msgid, now).await? {
                    return Ok(());
                }
            }
            SubscriptionChange::Lost { msgid, errcode, words } => {
                if let Some(mut row) = tx.query_opt(KNOWN, [person, params![msgid]].concat()).await? {
                    let id = row.text()?;
                    tx.batch(vec![(LOST, params![&id, *errcode, words, now]), (NOTIFIED, params![&id, false])]).await?;
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// Whether something of ours was meant.
async fn arrived<T: Transaction>(
    tx: &mut T,
    person: Vec<crate::Value>,
    key: &str,
    msgid: &str,
    now: i64,
) -> Result<bool, StoreError> {
    if tx.query_opt(KNOWN, [person.clone(), params![msgid]].concat()).await?.is_some() {
        return Ok(true);
    }
    let Some(mut row) = tx.query_opt(OPEN, [person.clone(), params![key]].concat()).await? else {
        return Ok(tx.execute(USE_OF_PERSON, person).await? > 0);
    };
    let (id, status) = (row.text()?, row.text()?);
    tx.execute(NOTE, params![&id, msgid]).await?;
    if tx.execute(COUNTED, params![&id]).await? == 1 {
        tx.execute(USE, params![&id]).await?;
    }
    if status == "uncertain" {
        tx.batch(vec![(SETTLE, params![&id, msgid, now]), (NOTIFIED, params![&id, true])]).await?;
    }
    Ok(true)
}
