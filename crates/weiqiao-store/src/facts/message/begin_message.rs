//! A message is about to be sent: the record of it and its attempt, before the call.

use crate::facts::idempotency::{IdempotencyKey, KeyUse, forget_key, point_key, use_key};
use crate::facts::job::{NewJob, insert_jobs};
use crate::facts::spending::{Allowance, Spent, spend};
use crate::facts::subscription::recipient_key;
use crate::value::params;
use crate::{Command, StoreError, Transaction};

/// What leave to send it there may be: the one that was changed last.
const SUBSCRIPTION: &str = "SELECT id, renewals FROM subscription WHERE app_id = $1 AND openid_index = $2 \
    AND template_id = $3 ORDER BY updated_at DESC, id DESC LIMIT 1";

const ADD: &str = "INSERT INTO notification (id, subscription_id, app_id, advisor_id, template_id, openid_index, \
    counted, created_at, sender, openid, content) VALUES ($1, $2, $3, '', $4, $5, 0, $6, $7, $8, $9)";

const START: &str = "UPDATE job SET status = 'sending', next_at = NULL, lease_owner = $2, lease_until = $3, fence = 1, \
    attempts = 1 WHERE id = $1";

const ATTEMPT: &str = "INSERT INTO job_attempt (job_id, n, fence, owner, started_at) VALUES ($1, 1, 1, $2, $3)";

/// WeChat refuses the second of two messages that it is given for one person at once.
const BUSY: &str = "SELECT 1 FROM job WHERE serial_key = $1 AND lease_owner IS NOT NULL";

/// Keeps a message of the same request from being tried again until this command's end, when certainly nothing of it was sent.
const HOLD: &str = "UPDATE job SET updated_at = updated_at WHERE id = $1 AND status = 'dead' AND lease_owner IS NULL \
    AND next_at IS NULL AND NOT EXISTS (SELECT 1 FROM job_attempt WHERE job_id = $1 \
    AND (verdict IS NULL OR verdict IN ('uncertain', 'sent')))";

const CANCEL: &str = "UPDATE job SET status = 'cancelled', updated_at = $2, finished_at = $2 WHERE id = $1";

const REPLACE: &str = "UPDATE notification SET replaced_by = $2 WHERE id = $1";

/// What is to be sent.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Its id: the job's.
    pub id: String,
    /// The mini program.
    pub app_id: String,
    /// In which form.
    pub template_id: String,
    /// Blind index of the recipient.
    pub who: String,
    /// The recipient's openid, sealed for the row of this id.
    pub openid: Vec<u8>,
    /// Everything else, sealed for the row of this id.
    pub content: Vec<u8>,
    /// Who asked: the id of a key or of a member of staff.
    pub sender: String,
}

/// Writes down that a message is sent now.
///
/// [`Conflict`](crate::StoreErrorKind::Conflict) means that two met over one recipient and the other was first.
#[derive(Debug, Clone)]
pub struct BeginMessage {
    /// What is sent.
    pub message: NewMessage,
    /// What a person may have done again later; of the same id. Its serial key will be the recipient's.
    pub job: NewJob,
    /// So that a repeated request sends nothing.
    pub key: Option<IdempotencyKey>,
    /// What has to allow it.
    pub allowances: Vec<Allowance>,
    /// The name of whoever sends it.
    pub owner: String,
    /// Whoever has not settled it by then is taken for dead, epoch milliseconds.
    pub lease_until: i64,
    /// Now, epoch milliseconds.
    pub now: i64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BegunMessage {
    /// It may be sent: attempt 1, fence 1.
    Begun {
        /// How often leave for it was given anew, where it is known to be given.
        renewals: Option<i64>,
        /// It was the last that this allowance of the day had.
        last: Option<&'static str>,
    },
    /// The same request was made before: this message was its.
    Again(String),
    /// The key was used for another request.
    KeyTaken,
    /// Another message to this person is under way: ask again when it is over. Nothing was written down.
    Busy,
    /// This allowance of the day is used up.
    UsedUp(&'static str),
}

impl Command for BeginMessage {
    const NAME: &'static str = "message.begin";
    type Output = BegunMessage;

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<BegunMessage, StoreError> {
        let Self { message, now, owner, .. } = self;
        let mut replaced = None;
        if let Some(key) = &self.key {
            match use_key(tx, key, &message.id, None, *now).await? {
                KeyUse::First => {}
                KeyUse::Again { id, .. } if tx.execute(HOLD, params![&id]).await? == 1 => replaced = Some(id),
                KeyUse::Again { id, .. } => return Ok(BegunMessage::Again(id)),
                KeyUse::Taken => return Ok(BegunMessage::KeyTaken),
            }
        }
        let recipient = recipient_key(&message.who);
        let spent = match tx.query_opt(BUSY, params![&recipient]).await? {
            Some(_) => Err(BegunMessage::Busy),
            None => match spend(tx, &self.allowances).await? {
                Spent::Counted { last } => Ok(last),
                Spent::UsedUp(what) => Err(BegunMessage::UsedUp(what)),
            },
        };
        let last = match spent {
            Ok(last) => last,
            Err(refusal) => {
                if let Some(key) = &self.key
                    && replaced.is_none()
                {
                    forget_key(tx, &key.key_hash, &message.id).await?;
                }
                return Ok(refusal);
            }
        };
        if let (Some(key), Some(replaced)) = (&self.key, &replaced) {
            tx.batch(vec![
                (CANCEL, params![replaced, *now]),
                (REPLACE, params![replaced, &message.id]),
                point_key(&key.key_hash, &message.id, *now),
            ])
            .await?;
        }
        let of = params![&message.app_id, &message.who, &message.template_id];
        let leave = match tx.query_opt(SUBSCRIPTION, of).await? {
            Some(mut row) => Some((row.text()?, row.integer()?)),
            None => None,
        };
        insert_jobs(tx, &[NewJob { serial_key: Some(recipient), ..self.job.clone() }]).await?;
        let row = params![
            &message.id,
            leave.as_ref().map_or("", |(id, _): &(String, i64)| id.as_str()),
            &message.app_id,
            &message.template_id,
            &message.who,
            *now,
            &message.sender,
            &message.openid,
            &message.content,
        ];
        tx.batch(vec![
            (ADD, row),
            (START, params![&message.id, owner, self.lease_until]),
            (ATTEMPT, params![&message.id, owner, *now]),
        ])
        .await?;
        Ok(BegunMessage::Begun { renewals: leave.map(|(_, renewals)| renewals), last })
    }
}
