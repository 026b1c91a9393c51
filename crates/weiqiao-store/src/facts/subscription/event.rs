//! WeChat tells what people allow, and what became of messages.

use weiqiao_model::JobStatus;

use super::recipient_key;
use super::take_leave::{take_leave, take_leave_of_person};
use crate::facts::job::word;
use crate::value::params;
use crate::{StoreError, Transaction, Value};

/// Whatever was used up before is renewed.
const GIVE: &str = "UPDATE subscription SET given_by_events = given_by_events + 1, spent = 0, renewals = renewals + 1, \
    updated_at = $4 \
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

/// A number is a message's once its answer, or an event, said so.
const KNOWN: &str = concat!(
    "SELECT n.id FROM job JOIN notification n ON n.id = job.id WHERE job.reference = $4",
    of_person!(),
    " LIMIT 1"
);

/// Messages to this person whose answer is still to come: by the key of its jobs what is owed, by the person what was sent on
/// request.
const UNDER_WAY: &str = concat!(
    "SELECT n.id FROM job JOIN notification n ON n.id = job.id WHERE job.serial_key = $4 \
        AND job.lease_owner IS NOT NULL AND job.status = 'sending'",
    of_person!(),
    " UNION ALL SELECT n.id FROM notification n JOIN job ON job.id = n.id WHERE n.sender IS NOT NULL \
        AND job.status = 'sending'",
    of_person!(),
    " LIMIT 1"
);

/// Keeps it from being settled by somebody else until this command's end, and says whether it still was under way.
const HOLD: &str = "UPDATE job SET status = status WHERE id = $1 AND status = 'sending'";

/// Tries of these messages …
macro_rules! tries_of {
    () => {
        "SELECT n.id, job.status, a.started_at FROM job JOIN notification n ON n.id = job.id \
            JOIN job_attempt a ON a.job_id = n.id WHERE "
    };
}

/// … that may have arrived and began between two times.
macro_rules! begun_between {
    () => {
        " AND a.verdict IN ('uncertain', 'sent') AND a.started_at >= CAST($5 AS BIGINT) \
            AND a.started_at <= CAST($6 AS BIGINT)"
    };
}

/// A message that arrived may be one a try of which ended nobody knows how, or one whose answer brought no number: one that is owed, by
/// the key of its job, or one that was sent on request, by the person.
const TRIES: &str = concat!(
    tries_of!(),
    "job.serial_key = $4 AND (job.status = 'uncertain' OR job.status = 'retrying' OR job.status = 'cancelled')",
    of_person!(),
    begun_between!(),
    " UNION ALL ",
    tries_of!(),
    "job.serial_key = $4 AND job.status = 'sent' AND job.reference IS NULL AND job.kind = 'subscribe_message'",
    of_person!(),
    begun_between!(),
    " UNION ALL ",
    tries_of!(),
    "n.sender IS NOT NULL AND (job.status IN ('uncertain', 'retrying', 'cancelled') OR (job.status = 'sent' AND job.reference IS NULL))",
    of_person!(),
    begun_between!(),
    " ORDER BY 3 DESC, 1 DESC LIMIT 100"
);

/// How long before an event the try began that it is about, at most: a try lasts half a minute, and events come within moments.
const TRY_MS: i64 = 600_000;

/// How much WeChat's clock may be behind ours.
const SKEW_MS: i64 = 10_000;

/// When two tries are as near as this, the one whose message is known to be sent is meant: then nothing is said of the other.
const ALIKE_MS: u64 = 2_000;

/// The number waits for the answers of what is under way: one of them may be its.
const KEEP: &str = "INSERT INTO arrival (app_id, openid_index, template_id, msgid, happened_at) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (app_id, openid_index, template_id, msgid) DO NOTHING";

const KEPT: &str = "SELECT k.app_id, k.openid_index, k.template_id, k.msgid, k.happened_at FROM notification n JOIN arrival k \
    ON k.app_id = n.app_id AND k.openid_index = n.openid_index AND k.template_id = n.template_id WHERE n.id = $1 \
    ORDER BY k.happened_at, k.msgid";

const LET_GO: &str = "DELETE FROM arrival WHERE app_id = $1 AND openid_index = $2 AND template_id = $3 AND msgid = $4";

/// WeChat took it without a number: then the number is this.
const NUMBER: &str = "UPDATE job SET reference = $2 WHERE id = $1 AND status = 'sent' AND reference IS NULL";

/// Also one that waits for its next try, or that somebody cancelled: a try of it arrived all the same.
const SETTLE: &str = "UPDATE job SET status = 'sent', next_at = NULL, reference = $2, last_errcode = NULL, last_error = NULL, \
    updated_at = $3, finished_at = $3 WHERE id = $1 AND status IN ('uncertain', 'retrying', 'cancelled')";

const NOTIFIED: &str = "UPDATE customer_action SET notified = $2 WHERE id = $1";

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
        let person = Person::new(app_id, who, &event.template_id);
        match &event.change {
            SubscriptionChange::Given => {
                tx.execute(GIVE, person.and(params![now])).await?;
            }
            SubscriptionChange::Withdrawn => {
                tx.execute(WITHDRAW, person.and(params![now, event.at])).await?;
            }
            SubscriptionChange::Arrived { msgid } => {
                if person.arrived(tx, &Arrival { msgid, at: event.at }, now).await? {
                    return Ok(());
                }
            }
            SubscriptionChange::Lost { msgid, errcode, words } => {
                if let Some(mut row) = tx.query_opt(KNOWN, person.and(params![msgid])).await? {
                    let id = row.text()?;
                    tx.batch(vec![(LOST, params![&id, *errcode, words, now]), (NOTIFIED, params![&id, false])]).await?;
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// Whose messages of which template.
struct Person {
    /// App id, blind index and template: the first parameters of what is asked about them.
    values: Vec<Value>,
    /// The serial key of what is owed to them.
    key: String,
}

impl Person {
    fn new(app_id: &str, who: &str, template_id: &str) -> Self {
        Self { values: params![app_id, who, template_id], key: recipient_key(who) }
    }

    fn and(&self, more: Vec<Value>) -> Vec<Value> {
        [self.values.clone(), more].concat()
    }

    /// Whether an answer about a message to them is still to come: then none comes before this command's end.
    async fn is_waited_for<T: Transaction>(&self, tx: &mut T) -> Result<bool, StoreError> {
        while let Some(mut row) = tx.query_opt(UNDER_WAY, self.and(params![&self.key])).await? {
            if tx.execute(HOLD, params![row.text()?]).await? == 1 {
                return Ok(true);
            }
            // Its answer came in this moment.
        }
        Ok(false)
    }

    async fn knows<T: Transaction>(&self, tx: &mut T, msgid: &str) -> Result<bool, StoreError> {
        Ok(tx.query_opt(KNOWN, self.and(params![msgid])).await?.is_some())
    }

    /// A message arrived. Whether something of ours was meant.
    async fn arrived<T: Transaction>(&self, tx: &mut T, number: &Arrival<'_>, now: i64) -> Result<bool, StoreError> {
        let waits = self.is_waited_for(tx).await?;
        if self.knows(tx, number.msgid).await? {
            return Ok(true);
        }
        if waits {
            tx.execute(KEEP, self.and(params![number.msgid, number.at])).await?;
            return Ok(true);
        }
        self.give(tx, number, now).await
    }

    /// Gives a number that no answer brought to the message it is most likely of: the one whose try began nearest to when it
    /// arrived. An event may come long after: WeChat repeats what was not answered, and later messages may be in doubt by then.
    /// Whether something of ours was meant.
    async fn give<T: Transaction>(&self, tx: &mut T, number: &Arrival<'_>, now: i64) -> Result<bool, StoreError> {
        loop {
            let (from, until) = (number.at.saturating_sub(TRY_MS), number.at.saturating_add(SKEW_MS));
            let mut nearest: Option<(u64, String, bool)> = None;
            for mut row in tx.query(TRIES, self.and(params![&self.key, from, until])).await? {
                let (id, status, began) = (row.text()?, row.text()?, row.integer()?);
                let is_sent = status == word(JobStatus::Sent);
                let distance = number.at.abs_diff(began).saturating_sub(if is_sent { ALIKE_MS } else { 0 });
                if nearest.as_ref().is_none_or(|(least, ..)| distance < *least) {
                    nearest = Some((distance, id, is_sent));
                }
            }
            let Some((_, id, is_sent)) = nearest else {
                return take_leave_of_person(tx, self.values.clone()).await;
            };
            if is_sent {
                if tx.execute(NUMBER, params![&id, number.msgid]).await? == 1 {
                    return Ok(true);
                }
            } else if tx.execute(SETTLE, params![&id, number.msgid, now]).await? == 1 {
                take_leave(tx, &id).await?;
                tx.execute(NOTIFIED, params![&id, true]).await?;
                return Ok(true);
            }
            // It came to another end in this moment.
        }
    }
}

/// The number of a message that arrived.
struct Arrival<'a> {
    msgid: &'a str,
    /// When, epoch milliseconds.
    at: i64,
}

/// After a message came to an end, or into doubt: numbers that waited for its answer find theirs.
pub(in crate::facts) async fn sort_arrivals<T: Transaction>(tx: &mut T, id: &str, now: i64) -> Result<(), StoreError> {
    for mut row in tx.query(KEPT, params![id]).await? {
        let person = Person::new(&row.text()?, &row.text()?, &row.text()?);
        let (msgid, at) = (row.text()?, row.integer()?);
        if person.is_waited_for(tx).await? {
            // That one's end sorts them.
            return Ok(());
        }
        tx.execute(LET_GO, person.and(params![&msgid])).await?;
        if !person.knows(tx, &msgid).await? {
            person.give(tx, &Arrival { msgid: &msgid, at }, now).await?;
        }
    }
    Ok(())
}
